-- Pick lists are read as one walks, a page at a time: what is set aside at a place must be found by the place.
create index allocation_place on allocation (site_id, place_id);
