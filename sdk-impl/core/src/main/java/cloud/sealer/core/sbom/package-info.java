/**
 * Bills of materials of cluster images, as SPDX and as CycloneDX.
 *
 * <p>{@link cloud.sealer.core.sbom.Inventory} is what an image has, found in one pass over its
 * layers; {@link cloud.sealer.core.sbom.SpdxDocument} and {@link
 * cloud.sealer.core.sbom.CycloneDxDocument} write it down. Both are written here and not by a
 * library: the parts of the formats that are needed are small, the libraries bring XML, RDF and
 * schemas along, and the tests check every document against the published schemas.
 *
 * <p>The same image gives the same bytes: all is sorted, the time is that of the image, and serial
 * numbers come from its digest.
 */
@NullMarked
package cloud.sealer.core.sbom;

import org.jspecify.annotations.NullMarked;
