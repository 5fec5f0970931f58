import org.jspecify.annotations.NullMarked;

/// The command line. It exports nothing: programs use the lab.
@NullMarked
module dev.demur.app {
  requires static org.jspecify;
  requires java.logging;
  requires jdk.management;
  requires dev.demur.lab;
  requires dev.demur.model;
  requires dev.demur.serve;
  requires dev.demur.toy;
  requires info.picocli;
  requires me.tongfei.progressbar;
  requires org.jline.reader;
  requires org.jline.terminal;
  requires tools.jackson.databind;

  opens dev.demur.app to
      info.picocli;
  opens dev.demur.app.cli to
      info.picocli;
  opens dev.demur.app.command.audit to
      info.picocli;
  opens dev.demur.app.command.chat to
      info.picocli;
  opens dev.demur.app.command.data to
      info.picocli;
  opens dev.demur.app.command.edit to
      info.picocli;
  opens dev.demur.app.command.explain to
      info.picocli;
  opens dev.demur.app.command.judge to
      info.picocli;
  opens dev.demur.app.command.measure to
      info.picocli;
  opens dev.demur.app.command.models to
      info.picocli;
  opens dev.demur.app.command.monitor to
      info.picocli;
  opens dev.demur.app.command.policy to
      info.picocli;
  opens dev.demur.app.command.serve to
      info.picocli;
  opens dev.demur.app.command.study to
      info.picocli;
  opens dev.demur.app.command.toy to
      info.picocli;
  opens dev.demur.app.option to
      info.picocli;
}
