/**
 * Real servers for the tests: Kafka brokers, Redis, PostgreSQL, Cassandra, a stand-in for DynamoDB,
 * and relays that make any of them slow or away.
 *
 * <pre>
 *   KafkaCluster          N brokers, each can be killed, paused and restarted
 *   RedisServer           one server, can be stopped, killed, paused and restarted
 *   RedisClusterServers   three masters
 *   RedisSentinelServers  a master, a replica and a sentinel
 *   RedisTlsServer        one server that takes TLS connections
 *   PostgresServer        one server, as Redis'; has standbys
 *   DynamoDbServer        dynalite, as Redis'
 *   DynamoDbRelay         in front of it: answers errors as AWS does
 *   CassandraServer       one node, as Redis'; or three; where the profile servers is on
 *   PulsarServer          one standalone Pulsar, as Redis'
 *   TcpRelay              in front of a port: delays bytes, holds them, cuts connections
 *   SharedKafka           one broker for all tests of a JVM
 *   SharedRedis           one Redis for all tests of a JVM
 *   SharedPostgres        one PostgreSQL for all tests of a JVM
 *   SharedDynamoDb        one dynalite for all tests of a JVM
 *   SharedCassandra       one Cassandra for all tests of a JVM
 *   SharedPulsar          one Pulsar for all tests of a JVM
 * </pre>
 *
 * Where a Docker engine answers, Kafka and Redis run as containers; elsewhere, and always with
 * {@code -Dliiklus.testing.docker=false}, as processes whose programs come from Maven Central. A
 * test never knows which it got. PostgreSQL and Cassandra are always processes, and so is dynalite,
 * which npm installs into {@code target/} on first use. Every server binds 127.0.0.1 (a container
 * the bridge, where the tests run in a container themselves). A process keeps its data and its log
 * in {@code target/servers/} of the module under test. Every server dies with the JVM that started
 * it, even if that is killed.
 *
 * <p>Calls block until what they ask for is true, within a bound; past it they fail with an {@link
 * IllegalStateException} that shows the end of the server's log.
 */
package io.liiklus.testing;
