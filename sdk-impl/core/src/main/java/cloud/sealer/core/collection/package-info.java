/**
 * Collecting container images into the {@code registry/} tree of a cluster image.
 *
 * <p>{@link cloud.sealer.core.collection.Collector} is the way in. A cluster's registry is a stock
 * distribution server on that tree, so the tree is laid out exactly as such a server stores it.
 * Every layer of every image becomes a layer of the cluster image of its own, {@linkplain
 * cloud.sealer.core.layer.BlobLayer uncompressed}, and downloads go straight into it; manifests,
 * configurations and links come together in one small layer.
 *
 * <p>Repositories stand without their registry, as the mirror configuration of a cluster's nodes
 * asks for them. Two registries that both have a wanted {@code repository:tag} with different
 * contents cannot both be served then; that is an error, never a silent choice.
 */
@NullMarked
package cloud.sealer.core.collection;

import org.jspecify.annotations.NullMarked;
