package io.liiklus.storage.sql.records;

/**
 * A partition, and the number of its log in the database. Immutable.
 *
 * @param id above 0; never given twice
 */
record LogPlace(int partition, long id) {}
