-- People look for items and parties by the beginning of a code or of the words of a name; lists of them go by code, byte by byte.
create index item_code on item (sku collate "C");
-- Marks part words here: PostgreSQL by itself would read the 150 of `Road-150` as a number below zero.
create index item_words on item using gin (to_tsvector('simple', translate(sku || ' ' || name, '-_/.,;:+*#()[]', '              ')));
create index party_code on party (code collate "C");
create index party_words on party using gin (to_tsvector('simple', translate(code || ' ' || name, '-_/.,;:+*#()[]', '              ')));
