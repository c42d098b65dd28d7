using System.Collections.Concurrent;
using System.Diagnostics;

namespace Drover.EndToEnd.Rehearsal;

/// <summary>Starts the agents under test.</summary>
internal static class Agents
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Installed = new();

    /// <summary>The command line with which Drover drives Claude Code; the scripted agent takes the same.</summary>
    private static readonly string[] StreamJson =
    [
        "-p", "--input-format", "stream-json", "--output-format", "stream-json", "--verbose", "--replay-user-messages", "--permission-prompt-tool", "stdio",
        "--model", "claude-sonnet-4-5",
    ];

    public static async Task<Talk> RealClaude(
        Scratch scratch, ModelProcess model, IEnumerable<string> flags, Action<Dictionary<string, string>>? change = null, int retries = 1)
    {
        var environment = Surroundings.OfClaude(scratch, model.Url, retries);
        change?.Invoke(environment);
        return Talk.Start(await ClaudeProgram(), [.. StreamJson, .. flags], scratch.Repository, environment);
    }

    public static Task<string> ClaudeProgram() => Program("claude");

    public static Talk ScriptedStreamJson(Scratch scratch, string script, params string[] flags) => Talk.Start(
        Programs.Rehearsal, ["agent", "--protocol", "stream-json", "--script", script, "--state", scratch.State, .. StreamJson, .. flags], scratch.Repository, Surroundings.Of(scratch));

    public static Talk ScriptedAcp(Scratch scratch, string script) => Talk.Start(
        Programs.Rehearsal, ["agent", "--protocol", "acp", "--script", script, "--state", scratch.State], scratch.Repository, Surroundings.Of(scratch));

    /// <summary>The path of a real program, installed from npm when it is not there yet.</summary>
    public static Task<string> Program(string name) => Installed.GetOrAdd(name, n => new(() => Install(n))).Value;

    private static async Task<string> Install(string name)
    {
        using var install = Process.Start(new ProcessStartInfo(Path.Combine(Programs.Root, "eng", "agents.sh"), [name]) { RedirectStandardOutput = true })!;
        var path = await install.StandardOutput.ReadToEndAsync();
        await install.WaitForExitAsync();
        return install.ExitCode == 0 ? path.Trim() : throw new InvalidOperationException($"eng/agents.sh could not install {name}; it says why above");
    }
}
