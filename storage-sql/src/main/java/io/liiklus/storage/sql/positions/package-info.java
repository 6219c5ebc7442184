/** Positions of groups in a database: the last write of each wins, forth or back. */
package io.liiklus.storage.sql.positions;
