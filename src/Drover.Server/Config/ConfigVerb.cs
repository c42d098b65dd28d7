using Drover.Agents;
using Drover.Api;
using Drover.Server.Verbs;

namespace Drover.Server.Config;

/// <summary><c>drover config check</c> and <c>drover config schema</c>.</summary>
internal static class ConfigVerb
{
    private const string CheckUsage = """
        usage: drover config check [FILE] [--machine] [--json]

        Checks drover.yaml as it stands in the work tree: the one of this repository, or FILE. Exit code 1 when something is wrong.

          --machine   check the machine's settings instead ($DROVER_HOME/config.yaml, or FILE)
          --json      answer as JSON, for scripts
        """;

    private const string SchemaUsage = """
        usage: drover config schema

        Prints the JSON schema of drover.yaml, for editors.
        """;

    public static int Check(string[] args, VerbIo io)
    {
        if (VerbArguments.Read(args, CheckUsage, ["--machine"], io, out var exitCode) is not { } arguments) return exitCode;
        var isMachine = arguments.Has("--machine");
        var root = CheckoutRoot.Above(io.Directory);
        var file = arguments.Place is { } place ? Path.GetFullPath(place, io.Directory)
            : isMachine ? MachineFile.PathIn(io.Home) : Path.Combine(root, ConfigFile.Name);
        if (!File.Exists(file)) return io.Fail(arguments, ExitCodes.Failed, "no_file", $"there is no {file}{(isMachine ? "; without it the defaults hold" : ": drover init writes one")}");

        byte[] bytes;
        try
        {
            bytes = BoundedFile.Read(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return io.Fail(arguments, ExitCodes.Failed, "not_read", $"{file} cannot be read: {e.Message}");
        }

        var shown = Path.GetRelativePath(io.Directory, file);
        string[] adapters = [.. Adapters.All.Select(a => a.Name)];
        var (summary, problems) = isMachine ? Machine(bytes, shown, adapters) : Project(bytes, shown, adapters, Path.GetFileName(root));
        io.Output.WriteLine(arguments.Json ? Json(file, problems) : problems.Count == 0 ? $"{shown} is right: {summary}" : string.Join('\n', problems));
        return problems.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    public static int Schema(string[] args, VerbIo io)
    {
        if (VerbArguments.Read(args, SchemaUsage, [], io, out var exitCode) is null) return exitCode;
        io.Output.Write(ConfigSchema.Write([.. Adapters.All.Select(a => a.Name)]));
        return ExitCodes.Done;
    }

    private static (string Summary, IReadOnlyList<Problem> Problems) Project(byte[] bytes, string file, string[] adapters, string name)
    {
        var read = ConfigFile.ReadProject(bytes, file, adapters, name);
        return (read.Value is not { } config ? "" : $"{config.Agents.Sum(a => a.Count)} agent(s), {config.Gates.Count} gate(s), merge: {Word.Spell(config.Merge)}, land: {Word.Spell(config.Land)}", read.Problems);
    }

    private static (string Summary, IReadOnlyList<Problem> Problems) Machine(byte[] bytes, string file, string[] adapters)
    {
        var read = ConfigFile.ReadMachine(bytes, file, adapters);
        return (read.Value is not { } config ? "" : $"{config.Agents.Count} agent program(s)", read.Problems);
    }

    private static string Json(string file, IReadOnlyList<Problem> problems) => JsonLine.Object(json =>
    {
        json.WriteString("file", file);
        json.WriteBoolean("right", problems.Count == 0);
        json.WriteStartArray("problems");
        foreach (var problem in problems)
        {
            json.WriteStartObject();
            json.WriteNumber("line", problem.Line);
            json.WriteNumber("column", problem.Column);
            json.WriteString("key", problem.Path);
            json.WriteString("text", problem.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
