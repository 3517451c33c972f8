/**
 * Trust in the images of a store: {@link cloud.sealer.core.trust.StoreTrust} puts signatures, bills
 * of materials and what is attached together.
 */
@NullMarked
package cloud.sealer.core.trust;

import org.jspecify.annotations.NullMarked;
