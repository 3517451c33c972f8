/**
 * Machines of Alibaba Cloud (Aliyun): {@link cloud.sealer.aliyun.AliyunInfrastructure} is where to
 * start.
 *
 * <p>Decisions a newcomer may question:
 *
 * <ul>
 *   <li>The interface of the cloud is spoken by a small client of our own: some twenty calls,
 *       signed by the documented <a
 *       href="https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature">
 *       ACS3-HMAC-SHA256</a>. The official libraries bring more than twenty further artifacts,
 *       among them a second BouncyCastle.
 *   <li>Each resource is recorded, with the random token that makes its call idempotent, before the
 *       call. So a call whose answer was lost is repeated, and answered with the resource that is
 *       there already.
 *   <li>Only the first machine has a public address, and only the caller may connect to it. The
 *       others are reached through it.
 * </ul>
 */
@NullMarked
package cloud.sealer.aliyun;

import org.jspecify.annotations.NullMarked;
