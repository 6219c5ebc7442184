/**
 * Positions in Redis: one server, a master found through Sentinel, or a cluster.
 *
 * <pre>
 *   &lt;prefix&gt;&lt;topic&gt;:&lt;group&gt;:&lt;version&gt;   hash: partition -> offset, both as decimal text
 *   ~&lt;prefix&gt;&lt;topic&gt;:&lt;group&gt;            set: the versions of the group
 *   ~&lt;prefix&gt;                           set: every &lt;topic&gt;:&lt;group&gt;
 *   ~~&lt;prefix&gt;&lt;key&gt;                   hash: a row of the coordination store: v version, d value
 * </pre>
 *
 * The hashes are those of the original liiklus, which takes every key that begins with the prefix
 * for one; so the two kinds of index, and the rows, begin with something else. No command names
 * more than one key, and none looks at all keys at once: keys of other writers are found by a
 * {@code SCAN} in the background.
 *
 * <pre>
 *   RedisPositionsStorage   the port: reads and writes the hashes
 *   RedisCoordinationStore  rows that gateways share, for records storages that know no groups
 *   RedisCalls              bounds the calls of both
 *   RedisConnector          keeps one RedisConnection open, for as long as the storage lives
 *   IndexKeeper             scans when a connection opens and every redis.rescan after that
 *   RedisServerCheck        warns of settings of Redis by which positions vanish
 *   RedisConnection         one connection; IndexedKeys are the keys it has added to the index
 * </pre>
 */
package io.liiklus.positions.redis;
