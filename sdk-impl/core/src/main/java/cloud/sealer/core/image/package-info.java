/**
 * Cluster images in a store: their OCI documents, their metadata, and moving them between store,
 * registry and archive.
 *
 * <p>{@link cloud.sealer.core.image.ImageReader} and {@link cloud.sealer.core.image.ImageWriter}
 * translate between blobs and {@link cloud.sealer.sdk.ClusterImage}; {@link
 * cloud.sealer.core.image.StoreImages} is the public facade. A store keeps the <em>familiar</em>
 * form of a name ({@code my-dashboard:v1}, not {@code
 * registry.cn-qingdao.aliyuncs.com/sealer-io/my-dashboard:v1}), so that the name a user typed is
 * also the one that {@code skopeo} and {@code umoci} find in the layout.
 */
@NullMarked
package cloud.sealer.core.image;

import org.jspecify.annotations.NullMarked;
