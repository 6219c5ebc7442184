/**
 * Records and positions in a SQL database: SQLite, a file of this process, or a PostgreSQL server
 * that gateways share.
 *
 * <pre>
 *   factories -> records -> coordination -> database
 *            \-> positions ----^
 * </pre>
 *
 * Groups and reading are those of {@link io.liiklus.storage.group} and {@link
 * io.liiklus.storage.read}.
 */
package io.liiklus.storage.sql;
