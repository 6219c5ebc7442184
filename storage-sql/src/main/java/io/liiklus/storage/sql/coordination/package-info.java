/** Coordination rows of groups in a database, changed by compare-and-set. */
package io.liiklus.storage.sql.coordination;
