using System.Text;
using Drover.Agents;
using Drover.Api;
using Drover.Core;
using Drover.Node.Repositories;
using Drover.Node.Sandboxing;
using Drover.Server.Verbs;

namespace Drover.Server.Doctor;

/// <summary><c>drover doctor</c>: looks at everything that Drover needs, and says what to do about what is not as it should be.</summary>
internal static class DoctorVerb
{
    private const string Usage = """
        usage: drover doctor [--json]

        Looks at machine, git, SQLite, sandbox, disk, state directory, this directory's project, its agents and the server. Exit code 1 when something fails.

          --json    answer as JSON, for scripts
        """;

    public static async Task<int> Run(string[] args, VerbIo io, Func<string, string?> findProgram, TimeProvider time, CancellationToken token)
    {
        if (VerbArguments.Read(args, Usage, [], io, out var exitCode) is not { } arguments) return exitCode;
        var findings = await Examine(io, findProgram, time, token);
        io.Output.WriteLine(arguments.Json ? Json(findings) : Text(findings));
        return findings.Any(f => f.Grade == Grade.Fail) ? ExitCodes.Failed : ExitCodes.Done;
    }

    internal static async Task<IReadOnlyList<Finding>> Examine(VerbIo io, Func<string, string?> findProgram, TimeProvider time, CancellationToken token)
    {
        string[] adapters = [.. Adapters.All.Select(a => a.Name)];
        var git = await Git.Find(time, token);
        var (machine, home) = HomeCheck.Look(io.Home, adapters);
        var (config, project) = git is GitProbe.Ready ready ? await ProjectCheck.Look(ready.Git, io.Directory, adapters, token) : (null, []);
        var sandbox = ToolsCheck.Judge(await SandboxProbe.Try(time, token), config?.Sandbox.Mode ?? SandboxMode.Auto);
        var agents = config is null ? AgentsCheck.LookForKnown(findProgram) : AgentsCheck.Look(config, machine, findProgram);
        return [.. MachineCheck.Look(), ToolsCheck.Judge(git), ToolsCheck.Sqlite(), .. sandbox, .. home, .. project, .. agents, ServerCheck.Look(io.Home)];
    }

    private static string Text(IReadOnlyList<Finding> findings)
    {
        var text = new StringBuilder();
        foreach (var finding in findings)
        {
            text.Append(finding.Grade.Word().PadRight(6)).Append(finding.About.PadRight(13)).Append(finding.Text).Append('\n');
            if (finding.Advice is { } advice) text.Append(' ', 19).Append("→ ").Append(advice).Append('\n');
        }

        var (fails, warns) = (findings.Count(f => f.Grade == Grade.Fail), findings.Count(f => f.Grade == Grade.Warn));
        return text.Append(fails > 0 ? $"{fails} thing(s) must be mended" : warns > 0 ? $"Drover works here; {warns} thing(s) could be better" : "Drover works here").ToString();
    }

    private static string Json(IReadOnlyList<Finding> findings) => JsonLine.Object(json =>
    {
        json.WriteBoolean("ok", findings.All(f => f.Grade != Grade.Fail));
        json.WriteStartArray("findings");
        foreach (var finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("about", finding.About);
            json.WriteString("grade", finding.Grade.Word());
            json.WriteString("text", finding.Text);
            json.WriteString("advice", finding.Advice);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
