-- Sessions told apart: what browser began each, as it named itself, so that a person knows which of his own sessions is which; unknown before this.
alter table web_session add column browser text not null default '' check (length(browser) <= 300);
