/**
 * The implementation of the Sealer SDK. {@link cloud.sealer.core.DefaultSealer} puts the parts
 * together; each part is a package:
 *
 * <ul>
 *   <li>{@code finding}: mistakes in texts of users
 *   <li>{@code kubefile}: text to instructions, and the values of arguments
 *   <li>{@code context}, {@code fetch}: where {@code COPY} takes files from
 *   <li>{@code layer}: files to layers and back
 *   <li>{@code store}: layers on disk
 *   <li>{@code run}: executing {@code RUN}
 *   <li>{@code discovery}, {@code collection}: finding container images and bringing them in
 *   <li>{@code registry}, {@code transfer}: moving blobs
 *   <li>{@code build}: the pipeline; {@code image}: what comes out of it
 *   <li>{@code event}: progress
 * </ul>
 *
 * <p>Only {@link cloud.sealer.core.DefaultSealerProvider} is meant to be found from outside,
 * through {@link java.util.ServiceLoader}. Public classes here are public for the other packages of
 * this artifact, not API.
 */
@NullMarked
package cloud.sealer.core;

import org.jspecify.annotations.NullMarked;
