/** A publisher and a consumer that use the Java client. */
package io.liiklus.examples;
