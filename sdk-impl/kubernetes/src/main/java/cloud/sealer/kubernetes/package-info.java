/**
 * Running cluster images: what a cluster should be, and how hosts become it.
 *
 * <p>The packages below, from the bottom up:
 *
 * <ul>
 *   <li>{@code yaml}: YAML as trees that know their places and keep the style of scalars; {@code
 *       finding}: the mistakes of a text, collected; {@code template}: Go templates whose missing
 *       names are mistakes.
 *   <li>{@code clusterfile}: Clusterfiles to values and back. {@code plugin}: plugins of images and
 *       Clusterfiles, checked when they are read.
 *   <li>{@code kubeadm}: the configuration of kubeadm from everyone who has a say in it. {@code
 *       rootfs}: files of the rootfs and of hosts, as functions from text to text.
 * </ul>
 *
 * <p>All of these are pure: they touch no host, no network and no file that the caller did not hand
 * them. The others work on hosts:
 *
 * <ul>
 *   <li>{@code record}: what is remembered of clusters, here and on hosts, and how to undo it;
 *       {@code lease}: one run at a time; {@code image}: cluster images as a run sees them.
 *   <li>{@code step}: what a change is made of; {@code preflight}: whether hosts are fit; {@code
 *       distribution}: the rootfs on its way to hosts.
 *   <li>{@code flow}: the engine that plans changes and makes them.
 *   <li>{@code script}: texts of images and users on hosts; {@code certificate} and {@code
 *       registry}: the registry of a cluster; {@code runtime}: kubeadm and what it needs; {@code
 *       plugin.run}: plugins at work.
 *   <li>{@code cluster}: all steps of a change, in their order.
 * </ul>
 */
@NullMarked
package cloud.sealer.kubernetes;

import org.jspecify.annotations.NullMarked;
