-- A blank score in the national tests means that no pupil took the test.
-- given  observation
select
    score.region || ' ' || score.orgnr || ' ' || score.year || ' ' || score.grade || ' ' || score.subject as item,
    coalesce(pupils.value = 0, false) as ok,
    'resultatet er tomt, men elever deltok' as found
from observation as score
left join observation as pupils
    on pupils.source = score.source and pupils.region = score.region and pupils.orgnr = score.orgnr
    and pupils.year = score.year and pupils.grade = score.grade and pupils.subject = score.subject
    and pupils.ContentsCode = 'pupils'
where score.source = 'udir-nasjonale-prover' and score.ContentsCode = 'score' and score.status = 'not_applicable'
order by item;
