-- Outbox of PostgreSQL: SCHEMA and PREFIX stand for those of the gateway's tables.
--
-- A call of publish stages a record as a row. At the commit a trigger appends all rows of the
-- transaction, and deletes them: committed rows are never there. Names are looked for in pg_catalog
-- alone, since the functions have the rights of their owner and not of the caller.

drop table if exists SCHEMA.PREFIXoutbox;

-- Unlogged, as no row outlives its transaction. Dead rows are vacuumed by their number alone. Log 0
-- stands for that of a topic which is not there yet: the commit makes it, so that nobody waits for
-- an open transaction.
create unlogged table SCHEMA.PREFIXoutbox (
  tx xid8 not null default pg_current_xact_id(),
  log bigint not null,
  n bigint not null generated always as identity,
  topic text,
  time bigint not null,
  key bytea,
  value bytea,
  headers bytea,
  primary key (tx, log, n)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);

-- Partition of a key, as that of the gateway: Java's hash of the bytes, from the last to the first.
create or replace function SCHEMA.PREFIXoutbox_partition(key bytea, partitions int) returns int
language plpgsql immutable strict set search_path = pg_catalog, pg_temp as $$
declare
  -- Copied, so that it is not unpacked again for each byte.
  bytes constant bytea := key || ''::bytea;
  hash bigint := 1;
  byte int;
begin
  for i in reverse length(bytes) - 1 .. 0 loop
    byte := get_byte(bytes, i);
    hash := (31 * hash + byte - 256 * (byte >> 7)) & 4294967295;
  end loop;
  if hash > 2147483647 then
    hash := hash - 4294967296;
  end if;
  return abs(hash % partitions);
end $$;

-- Log for a key among those of a topic in the order of partitions; without a key any of them.
create or replace function SCHEMA.PREFIXoutbox_log(key bytea, logs bigint[]) returns bigint
language sql volatile set search_path = pg_catalog, pg_temp as $$
  select logs[1 + coalesce(
    SCHEMA.PREFIXoutbox_partition(key, cardinality(logs)),
    floor(random() * cardinality(logs))::int)]
$$;

-- A number in the bytes of headers: zigzag, then seven bits a byte, the lowest first.
create or replace function SCHEMA.PREFIXoutbox_number(number int) returns bytea
language plpgsql immutable strict set search_path = pg_catalog, pg_temp as $$
declare
  rest bigint := 2 * number::bigint;
  bytes bytea := ''::bytea;
begin
  while rest > 127 loop
    bytes := bytes || decode(lpad(to_hex(rest & 127 | 128), 2, '0'), 'hex');
    rest := rest >> 7;
  end loop;
  return bytes || decode(lpad(to_hex(rest), 2, '0'), 'hex');
end $$;

-- Headers as a record has them, and by how many bytes the bound of a record counts them.
create or replace function SCHEMA.PREFIXoutbox_headers(
  headers jsonb, out encoded bytea, out counted bigint)
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
declare
  pairs jsonb := headers;
  pair jsonb;
  name text;
  number int := 0;
begin
  counted := 0;
  case coalesce(jsonb_typeof(headers), 'null')
    when 'null' then
      return;
    when 'object' then
      select coalesce(jsonb_agg(jsonb_build_object('key', e.key, 'value', e.value)), '[]'::jsonb)
        into pairs from jsonb_each(headers) e;
    when 'array' then
      null;
    else
      raise exception using errcode = 'invalid_parameter_value', message = format(
        'headers: is a %s; an object of texts, or an array of {"key": text, "value": text}',
        jsonb_typeof(headers));
  end case;
  for pair in select e.value from jsonb_array_elements(pairs) with ordinality e (value, place)
      order by e.place loop
    if jsonb_typeof(pair) <> 'object'
        or jsonb_typeof(pair -> 'key'::text) is distinct from 'string'
        or pair -> 'value'::text is null
        or (select count(*) from jsonb_object_keys(pair)) <> 2 then
      raise exception using errcode = 'invalid_parameter_value', message = format(
        'headers[%s]: is not allowed; {"key": text, "value": text}', number);
    end if;
    name := pair ->> 'key'::text;
    if name = ''::text then
      raise exception using errcode = 'invalid_parameter_value', message = format(
        'headers: the name of number %s is empty; a text with a character at least', number);
    end if;
    if jsonb_typeof(pair -> 'value'::text) <> 'string' then
      raise exception using errcode = 'invalid_parameter_value', message = format(
        'headers: the value of "%s" is %s; a text', left(name, 80),
        case jsonb_typeof(pair -> 'value'::text)
          when 'null' then 'null'
          when 'array' then 'an array'
          when 'object' then 'an object'
          else 'a ' || jsonb_typeof(pair -> 'value'::text)
        end);
    end if;
    number := number + 1;
    counted := counted + 64 + length(name) + octet_length(convert_to(pair ->> 'value'::text, 'UTF8'));
  end loop;
  if number > 0 then
    select SCHEMA.PREFIXoutbox_number(number) || string_agg(
          SCHEMA.PREFIXoutbox_number(length(e.name)) || e.name
            || SCHEMA.PREFIXoutbox_number(length(e.value)) || e.value,
          ''::bytea order by e.place)
      into encoded
      from (select convert_to(p.value ->> 'key'::text, 'UTF8') as name,
              convert_to(p.value ->> 'value'::text, 'UTF8') as value, p.place
            from jsonb_array_elements(pairs) with ordinality p (value, place)) e;
  end if;
end $$;

-- Stages a record.
create or replace function SCHEMA.PREFIXpublish(
  topic text, key bytea, value bytea, headers jsonb default null) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
-- A plan made while the table was empty would read all its dead rows later.
set enable_seqscan = off
as $$
declare
  logs bigint[];
  coded record;
  counted bigint := 64 + coalesce(length(key), 0) + coalesce(length(value), 0);
  allowed bigint;
begin
  if topic is null or topic collate "C" !~ '^[A-Za-z0-9._-]{1,249}$' or topic in ('.', '..') then
    raise exception using errcode = 'invalid_parameter_value', message = format(
      'topic: %s; 1 to 249 of A-Z, a-z, 0-9, ''.'', ''_'' and ''-'', and not ''.'' or ''..''',
      coalesce('"' || left(topic, 80) || '" is not allowed', 'is null'));
  end if;
  select coded_headers.* into coded from SCHEMA.PREFIXoutbox_headers($4) coded_headers;
  counted := counted + coded.counted;
  select m.value into allowed from SCHEMA.PREFIXmeta m where m.name = 'maxRecordBytes';
  if counted > allowed then
    raise exception using errcode = 'program_limit_exceeded', message = format(
      'the record has %s bytes, at most %s are allowed (sql.maxRecordBytes)', counted, allowed);
  end if;
  select array_agg(l.id order by l.part) into logs
    from SCHEMA.PREFIXlog l where l.topic = $1 collate "C";
  if logs is null
      and not exists (select from SCHEMA.PREFIXmeta m where m.name = 'partitions' and m.value > 0) then
    raise exception using
      errcode = 'undefined_object',
      message = format('topic: there is no topic "%s", and sql.createTopics is false', topic),
      hint = format('insert into PREFIXlog (topic, part) select %L, generate_series(0, 31)', topic);
  end if;
  insert into SCHEMA.PREFIXoutbox (log, topic, time, key, value, headers) values (
    coalesce(SCHEMA.PREFIXoutbox_log($2, logs), 0),
    case when logs is null then $1 end,
    floor(extract(epoch from clock_timestamp()) * 1000)::bigint, $2, $3, coded.encoded);
end $$;

-- Makes the topics that a transaction needs and nobody has made meanwhile, in the order of names.
create or replace function SCHEMA.PREFIXoutbox_topics(id xid8) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
as $$
declare
  missing text;
  logs bigint[];
begin
  for missing in
    select distinct o.topic collate "C" from SCHEMA.PREFIXoutbox o
      where o.tx = id and o.log = 0 order by 1
  loop
    if not exists (select from SCHEMA.PREFIXlog l where l.topic = missing collate "C") then
      insert into SCHEMA.PREFIXlog (topic, part)
        select missing, p from SCHEMA.PREFIXmeta m, generate_series(0, m.value - 1) p
          where m.name = 'partitions'
        on conflict do nothing;
    end if;
    select array_agg(l.id order by l.part) into logs
      from SCHEMA.PREFIXlog l where l.topic = missing collate "C";
    update SCHEMA.PREFIXoutbox o set log = SCHEMA.PREFIXoutbox_log(o.key, logs)
      where o.tx = id and o.log = 0 and o.topic = missing;
  end loop;
end $$;

-- Appends what a transaction staged. Logs are locked in the order of their ids, as gateways do, so
-- that no two transactions wait for each other; from here to the end of the transaction.
create or replace function SCHEMA.PREFIXoutbox_append() returns trigger
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
as $$
declare
  place record;
  first bigint;
begin
  if not exists (select from SCHEMA.PREFIXoutbox o
      where o.tx = new.tx and o.log = new.log and o.n = new.n) then
    -- Another row of the transaction brought it along.
    return null;
  end if;
  perform SCHEMA.PREFIXoutbox_topics(new.tx);
  for place in
    select o.log as id, count(*) as records,
        sum(coalesce(length(o.key), 0) + coalesce(length(o.value), 0)
          + coalesce(length(o.headers), 0))::bigint as bytes
      from SCHEMA.PREFIXoutbox o where o.tx = new.tx group by o.log order by o.log
  loop
    update SCHEMA.PREFIXlog l
      set end_off = l.end_off + place.records, bytes = l.bytes + place.bytes
      where l.id = place.id
      returning l.end_off - place.records into first;
    if not found then
      raise exception using
        errcode = 'undefined_object',
        message = 'a topic of this transaction was deleted or made anew meanwhile; repeat it';
    end if;
    insert into SCHEMA.PREFIXrecord (log, off, time, key, value, headers)
      select place.id, first + row_number() over (order by o.n) - 1,
          o.time, o.key, o.value, o.headers
        from SCHEMA.PREFIXoutbox o where o.tx = new.tx and o.log = place.id;
  end loop;
  delete from SCHEMA.PREFIXoutbox o where o.tx = new.tx;
  return null;
end $$;

create constraint trigger PREFIXoutbox after insert on SCHEMA.PREFIXoutbox
  deferrable initially deferred
  for each row execute function SCHEMA.PREFIXoutbox_append();

revoke all on function
  SCHEMA.PREFIXpublish(text, bytea, bytea, jsonb),
  SCHEMA.PREFIXoutbox_append(),
  SCHEMA.PREFIXoutbox_headers(jsonb),
  SCHEMA.PREFIXoutbox_log(bytea, bigint[]),
  SCHEMA.PREFIXoutbox_topics(xid8),
  SCHEMA.PREFIXoutbox_number(int),
  SCHEMA.PREFIXoutbox_partition(bytea, int)
  from public;
