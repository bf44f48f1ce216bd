package com.sable.infra;

import io.github.cdklabs.cdknag.AwsSolutionsChecks;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.Aspects;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.Tags;

/** Synthesises all stacks. Takes the folder of the workflow, and where to write. */
public final class Sable {
  /** Access logs come by a policy of their bucket, not by an access control list. */
  private static final Map<String, Object> CONTEXT =
      Map.of("@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy", true);

  private static final Pattern ERROR =
      Pattern.compile(
          "\"type\":\\s*\"aws:cdk:error\",\\s*\"data\":\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");

  private Sable() {}

  /** Writes a cloud assembly; no account is asked. */
  public static void main(String[] arguments) throws IOException {
    Path workflow = Path.of(arguments[0]);
    if (!Files.isDirectory(workflow.resolve("target/function/lib"))) {
      throw new IllegalStateException(
          "there is nothing to package in " + workflow + ": run `make synth`, which builds it");
    }
    App app =
        new App(
            AppProps.builder()
                .outdir(arguments[1])
                .analyticsReporting(false)
                .context(CONTEXT)
                .build());
    NetworkStack network = new NetworkStack(app, "SableNetwork", about("VPC and its endpoints"));
    StorageStack storage = new StorageStack(app, "SableStorage", about("Table and claims"));
    FunctionsStack functions =
        new FunctionsStack(
            app,
            "SableFunctions",
            about("The Lambdas"),
            network,
            storage,
            workflow.resolve("target/function").toString());
    WorkflowStack machine =
        new WorkflowStack(
            app,
            "SableWorkflow",
            about("BatchMoveEndpoint"),
            storage,
            workflow.resolve("BatchMoveEndpoint.asl.json").toString());
    machine.addStackDependency(functions);
    new ObservabilityStack(
        app, "SableObservability", about("Alarms, dashboard"), storage, functions, machine);
    Tags.of(app).add("application", "SableManagementServer");
    Aspects.of(app).add(new AwsSolutionsChecks());
    app.synth();
    List<String> refused = refused(Path.of(arguments[1]));
    if (!refused.isEmpty()) {
      System.err.println(String.join(System.lineSeparator(), refused));
      System.exit(1);
    }
  }

  /** What the nag pack, or CDK itself, has found in an assembly and nobody has allowed. */
  static List<String> refused(Path assembly) throws IOException {
    List<String> refused = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(assembly, "*.metadata.json")) {
      for (Path file : files) {
        Matcher found = ERROR.matcher(Files.readString(file));
        while (found.find()) {
          refused.add(file.getFileName() + ": " + found.group(1));
        }
      }
    }
    return refused;
  }

  private static StackProps about(String what) {
    return StackProps.builder().description("SableManagementServer: " + what).build();
  }
}
