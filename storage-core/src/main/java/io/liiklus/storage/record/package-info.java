/** Headers of records as bytes. */
package io.liiklus.storage.record;
