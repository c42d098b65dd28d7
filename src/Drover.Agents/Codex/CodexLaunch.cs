using System.Text.Json;

namespace Drover.Agents.Codex;

/// <summary>The command line and the environment.</summary>
internal static class CodexLaunch
{
    public static readonly AdapterOption Effort = AdapterOption.Text("effort", "a word that the model knows, such as `low`, `medium`, `high`", "How much the model thinks.");

    public static Launch Plan(LaunchRequest request)
    {
        List<string> arguments = [.. request.Program.Count > 0 ? request.Program : ["codex", "app-server"]];
        foreach (var (key, value) in Configuration(request)) arguments.AddRange(["-c", $"{key}={value}"]);

        var environment = new Dictionary<string, string>();
        if (request.IsolatedHome is { } home)
        {
            environment["CODEX_HOME"] = home;

            // Below the directory for temporary files it makes no helper programs, and without them its own sandbox starts nothing.
            if (!request.Sandboxed && home.StartsWith("/tmp/", StringComparison.Ordinal)) environment["TMPDIR"] = "/var/tmp";
        }

        foreach (var (name, value) in Variables(request.McpServers)) environment[name] = value;
        var state = new CodexState
        {
            Wish = new(request.WorkingDirectory, request.Sandboxed ? "danger-full-access" : "workspace-write",
                request switch { { AsksApprovals: true } => "untrusted", { Sandboxed: true } => "never", _ => "on-request" })
            {
                Model = request.Model,
                ResumeId = request.ResumeId,
                Forks = request.Forks,
                AppendedPrompt = request.AppendedPrompt,
            },
            AnswersItself = request is { Sandboxed: true, AsksApprovals: false },
        };
        return new(arguments, environment, state, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(10))
        {
            // Not all of CODEX_*: some of those tell a command that Codex has started it.
            Inherits = ["OPENAI_*", "CODEX_API_KEY", "CODEX_ACCESS_TOKEN", "CODEX_CA_CERTIFICATE", .. request.IsolatedHome is null ? ["CODEX_HOME", "CODEX_SQLITE_HOME"] : Array.Empty<string>()],
            HomePaths = request.IsolatedHome is null ? [".codex/"] : [],
        };
    }

    /// <summary>What goes over the settings of the home, as TOML values.</summary>
    private static IEnumerable<(string Key, string Value)> Configuration(LaunchRequest request)
    {
        yield return ("check_for_update_on_startup", "false");
        if (request.Options.TryGetValue(Effort.Name, out var effort)) yield return ("model_reasoning_effort", Text(effort));
        if (!request.Sandboxed && request.Writable.Count > 0)
            yield return ("sandbox_workspace_write.writable_roots", Texts(request.Writable));
        foreach (var server in request.McpServers)
        {
            yield return ($"mcp_servers.{server.Name}",
                $"{{command={Text(server.Command[0])},args={Texts(server.Command.Skip(1))},env_vars={Texts(server.Environment.Keys)}}}");
        }
    }

    /// <summary>The servers' variables travel in the CLI's own environment, and its command line only names them. It hands them on under their own names, so that two servers
    /// cannot have different values of one.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Variables(IReadOnlyList<McpServer> servers)
    {
        var all = servers.SelectMany(s => s.Environment).Distinct().ToList();
        if (all.GroupBy(v => v.Key).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new LaunchImpossibleException($"the tool servers of an agent with the adapter codex need the same value of {twice.Key}");
        return all;
    }

    private static string Texts(IEnumerable<string> texts) => $"[{string.Join(',', texts.Select(Text))}]";

    /// <summary>A basic string of TOML is written as one of JSON, but for one character that JSON leaves as it is.</summary>
    private static string Text(string text) => $"\"{JsonEncodedText.Encode(text)}\"".Replace("\u007f", "\\u007F", StringComparison.Ordinal);
}
