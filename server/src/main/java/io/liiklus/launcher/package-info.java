/** The entry of {@code liiklus.jar}, above the gateway and the client. */
package io.liiklus.launcher;
