/**
 * Finds the container images that the files of a rootfs name, with every place that names them.
 *
 * <p>Start with {@link cloud.sealer.core.discovery.DiscoveryCollector}: it runs all discoverers,
 * merges what they report, and applies the user's exclusions and additions. {@link
 * cloud.sealer.core.discovery.ManifestDiscoverer} reads {@code manifests/**}, {@link
 * cloud.sealer.core.discovery.ImageListDiscoverer} reads {@code manifests/imageList}, {@link
 * cloud.sealer.core.discovery.NodeImageDiscoverer} the configuration of the nodes. {@link
 * cloud.sealer.core.discovery.DiscoveryCheck} decides whether a build goes on with the report.
 *
 * <p>How a manifest is read: {@code DocumentSplitter} cuts the file into YAML documents, so that
 * memory is bound by one document and a bad one spoils no other; {@code YamlReader} or {@code
 * JsonReader} makes a tree of {@code Node}s; {@code ObjectWalker} goes through it and asks each
 * {@code Rule}. To look in one more place, add a rule. A document that no parser reads (a template)
 * is searched line by line by {@code LineRule}.
 *
 * <p>{@code ManifestRules} has the rules in their order, from the exact to the guessing ones; the
 * first that reports a place owns it. Where objects of known kinds name images is data: {@code
 * image-rules.yaml}, and the user's {@code manifests/imageRules} in the same format. What a
 * controller is told in arguments, variables, and keys like {@code imageName} of a custom resource
 * or a ConfigMap is found, because a build that leaves out a database must not succeed quietly;
 * what stands in a text that someone may or may not read as a manifest, in an annotation or in a
 * parameter is suspected, and so is what a controller has built in.
 *
 * <p>The trees are built from parser events and not by SnakeYAML's composer because that recurses
 * over the input, keeps a window of the input text alive for each value, and stops at fifty
 * aliases, which real manifests have. Jackson's YAML reader is not used at all: it silently reads
 * the alias {@code *name} as the text {@code name} and knows no merge keys.
 *
 * <p>Nothing is dropped in silence: a text that stands where an image must stand but is none is
 * reported as unresolved, and one that only may be an image as suspected.
 */
@NullMarked
package cloud.sealer.core.discovery;

import org.jspecify.annotations.NullMarked;
