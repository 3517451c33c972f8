/**
 * Certificates of the cluster's registry. {@link
 * cloud.sealer.kubernetes.certificate.CertificateAuthority} is the way in.
 *
 * <p>Kubernetes' own certificates are kubeadm's business; those of the registry are made here,
 * since no program on a bare host can be counted on to make them. The JDK reads certificates and
 * makes keys, but has no public way to sign a certificate, which is what Bouncy Castle's {@code
 * bcpkix} is for; it is in the class path of whoever reaches hosts over SSH anyway.
 */
@NullMarked
package cloud.sealer.kubernetes.certificate;

import org.jspecify.annotations.NullMarked;
