/**
 * What a caller may do: each call, or record of a batch, is judged once before anything is done.
 *
 * <pre>
 *   calls --&gt; Access --&gt; DecisionCache           decisions, by the whole request
 *               |
 *               +--&gt; Authorizer = RulesAuthorizer --&gt; AccessRules    of the settings
 *               |               or that of a plugin      RulesFile      read again when it changes
 *               |
 *               +--&gt; DenialLog                    counts, and the reasons, which callers do not get
 * </pre>
 *
 * <p>Some topics are nobody's, whatever the rules say: those in which gateways keep data of their
 * own. Nothing here knows of gRPC.
 */
package io.liiklus.server.authorization;
