-- The id of what is evened out: what it is, and which of its kinds. Written in Python by model.harmonisation.item_id.
create or replace macro item_id(head, kind, band) as concat_ws(': ', head, kind, band);
