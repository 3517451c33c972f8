/**
 * Clusterfiles of all versions to {@link cloud.sealer.sdk.ClusterSpec} and back.
 *
 * <p>Start with {@link cloud.sealer.kubernetes.clusterfile.DefaultClusterfileFormat}. {@code
 * ClusterfileReader} tells the documents apart, {@code ClusterReader} and {@code ClusterV1Reader}
 * read the one of kind {@code Cluster}, {@code RenderedText} makes templates of the others.
 *
 * <p>Decisions a newcomer may question:
 *
 * <ul>
 *   <li>Every scalar of a {@code Cluster} is taken as it stands: {@code DEBUG: no} is the text
 *       {@code no}, {@code passwd: 0123} keeps its zero, {@code port: "22"} is a port.
 *   <li>Documents other than {@code Cluster} are templates of the cluster's own {@code env}, but
 *       only if two opening braces stand in one of them. What is written here never has two opening
 *       braces, so that it is read back as it was.
 *   <li>Unknown kinds and fields are warnings: files of later versions and of other tools still
 *       work, and a misspelling is told.
 *   <li>What the first version has and the second does not becomes documents of kubeadm where
 *       kubeadm has it, and annotations otherwise.
 *   <li>Machines that are to be made have a document of their own, of kind {@code Infra}: {@code
 *       spec.provider}, {@code image}, {@code options}, and {@code hosts} with {@code roles},
 *       {@code count}, {@code cpu}, {@code memory}, {@code systemDisk} and {@code dataDisks}. Sizes
 *       are in GiB, as the first version has them, or have a suffix such as {@code Mi}.
 *   <li>A file without hosts is not a mistake here: an image's own Clusterfile often has none.
 * </ul>
 */
@NullMarked
package cloud.sealer.kubernetes.clusterfile;

import org.jspecify.annotations.NullMarked;
