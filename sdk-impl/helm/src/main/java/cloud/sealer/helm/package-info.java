/**
 * Renders Helm charts and Go templates with the real Helm engine, and finds the images of charts.
 *
 * <p>Start with {@link cloud.sealer.helm.ChartDiscoverer}, which is what a build uses. {@link
 * cloud.sealer.helm.HelmJvmRenderer} runs the engine of helm-java, {@link
 * cloud.sealer.helm.HelmProgramRenderer} a {@code helm} program that the user has.
 *
 * <p>Why a child process: loaded into a JVM, the engine makes it deaf to SIGTERM and SIGINT, leaves
 * 98 MB in its temporary directory, and asks the user's current cluster whenever a chart uses
 * {@code lookup}. None of this is anything an application that embeds the SDK could accept.
 *
 * <p>Why charts are rewritten before they are rendered ({@code CompleteChart}): the engine's
 * interface leaves out hooks and CRDs and takes no API versions. The rewriting changes no line
 * numbers.
 */
@NullMarked
package cloud.sealer.helm;

import org.jspecify.annotations.NullMarked;
