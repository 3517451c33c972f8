/**
 * The parts of the SDK that users may replace.
 *
 * <p>Providers are found with {@link java.util.ServiceLoader} or set explicitly on {@link
 * cloud.sealer.sdk.Sealer.Builder}; an explicit provider wins. Each interface that a user
 * implements has a compatibility kit in the {@code sealer-sdk-testkit} artifact. Implementations
 * must be thread-safe unless their interface says otherwise, report an interrupt of the calling
 * thread as {@link cloud.sealer.sdk.ErrorCode#CANCELLED}, and let no exception but {@link
 * cloud.sealer.sdk.SealerException} out.
 */
@NullMarked
package cloud.sealer.sdk.spi;

import org.jspecify.annotations.NullMarked;
