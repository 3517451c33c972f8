/**
 * Archives as files: one, or parts of one in a directory with a list of their sizes and digests.
 * What is in an archive is the business of {@code cloud.sealer.core.image}.
 */
@NullMarked
package cloud.sealer.core.archive;

import org.jspecify.annotations.NullMarked;
