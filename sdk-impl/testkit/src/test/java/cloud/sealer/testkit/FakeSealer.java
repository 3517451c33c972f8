package cloud.sealer.testkit;

import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.Credentials;
import cloud.sealer.sdk.ImageTrust;
import cloud.sealer.sdk.Images;
import cloud.sealer.sdk.Machines;
import cloud.sealer.sdk.Runner;
import cloud.sealer.sdk.Sealer;

/** A Sealer that only knows whether it was closed. */
final class FakeSealer implements Sealer {
  private final Runnable onClose;
  volatile boolean closed;

  FakeSealer(Runnable onClose) {
    this.onClose = onClose;
  }

  @Override
  public cloud.sealer.sdk.Builder builder(BuildMode mode) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Images images() {
    throw new UnsupportedOperationException();
  }

  @Override
  public ImageTrust trust() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Runner runner() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Machines machines() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void login(String registry, Credentials credentials) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    closed = true;
    onClose.run();
  }
}
