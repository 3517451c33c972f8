/**
 * Trying again what the network may have spoilt. {@link cloud.sealer.core.retry.Retries} repeats a
 * request; {@link cloud.sealer.core.retry.TransferAttempts} counts the tries of a transfer that
 * goes on where it broke. Both wait as {@link cloud.sealer.core.retry.Backoff} says.
 */
@NullMarked
package cloud.sealer.core.retry;

import org.jspecify.annotations.NullMarked;
