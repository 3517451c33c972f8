/**
 * Brings the rootfs of an image to hosts.
 *
 * <p>A host keeps the layers it was sent, each in a directory that appears when the layer is whole
 * and has its digest; only layers that are missing are sent, as they lie in the store where the
 * host can unpack them. The rootfs is then made of the directories on the host, big files as links,
 * and put in place by renaming. So a run that is cut goes on with the next layer, a change of a
 * template sends that file, and going back to the last image sends nothing.
 *
 * <p>The files of the {@code registry/} tree go to registry hosts only. They are added to what is
 * there: its blobs are named by their digests, and what was pushed to the registry stays.
 */
@NullMarked
package cloud.sealer.kubernetes.distribution;

import org.jspecify.annotations.NullMarked;
