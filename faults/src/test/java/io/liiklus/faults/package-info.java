/**
 * The fault suite: breaks parts of a deployment while records flow, and shows from the answers and
 * the received records that nothing is lost.
 *
 * <pre>
 *   Stage        a topic, its load, its groups and their journal, on a Deployment
 *   Fault        one thing that breaks; enums by what it is done to
 *   FaultRun     breaks, waits until all is caught up, checks the invariants and the logs
 *   *FaultsIT    each fault once, in short
 *   Soak         faults drawn at random, over and over
 * </pre>
 */
package io.liiklus.faults;
