/**
 * Sending mail: plain SMTP with STARTTLS, one message a connection. Every answer has a limit of
 * size and time. Calls block; none starts a thread.
 */
@NullMarked
package io.cotidal.remote.mail;

import org.jspecify.annotations.NullMarked;
