package cloud.sealer.ssh;
import cloud.sealer.sdk.*;
import cloud.sealer.sdk.spi.*;
import cloud.sealer.testkit.RecordingTask;
import java.nio.file.*;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
class SmokeIT {
  @Test void x(@TempDir Path dir) throws Exception {
    try (OpenSsh sshd = OpenSsh.start(dir); var c = SshHostConnector.builder(HostKeyPolicy.acceptNew(dir.resolve("kh"))).build()) {
     RecordingTask task = new RecordingTask();
     long t0=System.nanoTime();
     try (HostSession s = c.connect(sshd.root(), task)) {
      System.out.println((System.nanoTime()-t0)/1e6+" ms connect " + task.notices());
      StringBuffer b = new StringBuffer();
      HostOutput o = new HostOutput() { public void stdout(byte[] x,int f,int l){b.append(new String(x,f,l));} public void stderr(byte[] x,int f,int l){b.append("E:"+new String(x,f,l));}};
      System.out.println(s.exec(HostCommand.builder("echo hi; echo err >&2; echo \"$A\"; wc -c; kill -9 $$").environment("A","grüß 'x' ÁÈ\n2 \\n").stdin(() -> new java.io.ByteArrayInputStream(new byte[100000])).build(), o));
      System.out.println(b);
      t0=System.nanoTime();
      for (int i=0;i<20;i++) s.exec(HostCommand.of("true"), HostOutput.NONE);
      System.out.println((System.nanoTime()-t0)/20e6+" ms each");
      System.out.println(s.facts());
      s.downloadTree(dir.toString(), in -> System.out.println(in.readAllBytes().length));
      t0=System.nanoTime();
      s.upload(dir.resolve("big").toString(), 0640, () -> new java.io.InputStream() { long l=500L<<20; public int read(){return -1;} public int read(byte[] b,int o,int n){ if(l<=0) return -1; n=(int)Math.min(n,l); l-=n; return n;} });
      System.out.println((System.nanoTime()-t0)/1e6+" ms for 500 MB up");
      t0=System.nanoTime();
      s.download(dir.resolve("big").toString(), java.io.OutputStream.nullOutputStream());
      System.out.println((System.nanoTime()-t0)/1e6+" ms for 500 MB down");
      System.out.println(java.util.Arrays.toString(s.getClass().getDeclaredFields()).length());
      t0=System.nanoTime();
      try { s.exec(HostCommand.builder("(setsid sleep 1000 &) ; sleep 1001").timeout(java.time.Duration.ofSeconds(1)).build(), HostOutput.NONE);} catch (SealerException e) { System.out.println(e); }
      System.out.println((System.nanoTime()-t0)/1e6+" ms");
      System.out.println(java.security.Security.getProvider("BC"));
     }
    }
  }
}
