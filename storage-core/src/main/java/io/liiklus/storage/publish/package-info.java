/** Bounds on what is published and not yet answered. */
package io.liiklus.storage.publish;
