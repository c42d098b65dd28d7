using System.Text.Json;
using Drover.EndToEnd.Cli;
using Xunit;

namespace Drover.EndToEnd.Agents;

/// <summary><c>drover doctor</c> over the real programs of all vendors at once, and one that is broken on purpose.</summary>
public sealed class DoctorTests : IDisposable
{
    private const string Secret = "sk-this-is-the-users-own-key";

    /// <summary>A program that asks its model again by itself for minutes and says nothing of it passes or does without, as fast as the machine is.</summary>
    private static readonly string[] MayBeSilent = ["rate_limit", "usage_limit"];

    private static readonly string[] s_trouble = ["rate_limit", "usage_limit", "auth_error"];

    /// <summary>Agents over ACP under names that nobody knows, started by their command line alone, with the gaps that they have.</summary>
    private static readonly Dictionary<string, (string Program, Dictionary<string, string> Gaps)> s_others = new()
    {
        ["some"] = ("qwen", new() { ["steer"] = "cut its work short", ["fork"] = "no way to go on with a copy" }),
        ["other"] = ("claude-agent-acp", []),
    };

    private readonly Workplace _place = new();
    private readonly DirectoryInfo _bin = Directory.CreateTempSubdirectory("drover-bin-");

    public void Dispose()
    {
        _place.Dispose();
        _bin.Delete(recursive: true);
    }

    [Fact]
    public async Task Every_installed_program_is_proven_and_a_broken_one_is_refused_everywhere()
    {
        foreach (var name in RealAgentTests.Names) File.CreateSymbolicLink(Path.Combine(_bin.FullName, name), await Rehearsal.Agents.Program(name));
        foreach (var (name, (program, _)) in s_others) File.CreateSymbolicLink(Path.Combine(_bin.FullName, name), await Rehearsal.Agents.Program(program));
        WriteShim("shim", "[ \"$1\" = --version ] && { echo 9.9.9; exit 0; }\necho 'the shim has no engine' >&2; exit 7\n");
        CommitRoster();
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = $"{_bin.FullName}:{Environment.GetEnvironmentVariable("PATH")}",
            ["ANTHROPIC_API_KEY"] = Secret,
            ["OPENAI_API_KEY"] = Secret,
            ["GEMINI_API_KEY"] = Secret,
        };

        var doctor = _place.DroverWith(environment, "doctor", "--json");

        Assert.True(doctor.ExitCode == 1, doctor.Output + doctor.Error);
        Assert.DoesNotContain(Secret, doctor.Output + doctor.Error);
        var cards = JsonDocument.Parse(doctor.Output).RootElement.GetProperty("cards").EnumerateArray().ToList();
        Assert.All(RealAgentTests.Names, name => JudgeReal(cards.Single(c => Command(c).EndsWith($"/{name}", StringComparison.Ordinal))));
        Assert.All(s_others, other => JudgeOther(other.Key, cards.Single(c => Command(c).EndsWith($"/{other.Key}", StringComparison.Ordinal))));
        var failed = Steps(cards.Single(c => Command(c).EndsWith("/shim", StringComparison.Ordinal))).Single(s => s.GetProperty("result").GetString() == "failed");
        Assert.Equal("start", failed.GetProperty("step").GetString());
        Assert.Contains("exited with 7", failed.GetProperty("why").GetString());
        Assert.Contains("the shim has no engine", failed.GetProperty("evidence").ToString());

        // What is proven is not proven again, and the rest of Drover goes by it.
        Assert.DoesNotContain("✓ start", _place.DroverWith(environment, "doctor").Error);
        var up = _place.DroverWith(environment, "up");
        Assert.True(up.ExitCode == 0, up.Error);
        var agents = _place.Json("agents").EnumerateArray().ToDictionary(a => a.GetProperty("name").GetString()!, a => a.GetProperty("proof").GetProperty("state").GetString());
        Assert.Equal(("proven", "refused", "proven", "proven"), (agents["coder"], agents["broken"], agents["some"], agents["other"]));
        Assert.Equal((false, true), (SaysInsideTurn("some"), SaysInsideTurn("other")));
        Assert.Contains("✗ start", _place.Drover("agents", "show", "broken").Output);
        var ticket = _place.Json("ticket", "add", "--title", "Try").GetProperty("key").GetString()!;
        var start = _place.Drover("run", "start", ticket, "--agent", "broken", "--json");
        Assert.Equal(4, start.ExitCode);
        Assert.Contains("agent_unfit", start.Error);
    }

    private static void JudgeReal(JsonElement card)
    {
        Assert.Equal("bubblewrap without network", card.GetProperty("isolation").GetString());
        Assert.Matches(@"^\d+\.\d+", card.GetProperty("version").GetString());
        foreach (var step in Steps(card))
        {
            var (name, result) = (step.GetProperty("step").GetString()!, step.GetProperty("result").GetString());
            Assert.True(result == "passed" || name == "resume" && step.GetProperty("why").ToString().Contains("another minute of the clock", StringComparison.Ordinal) || result == "absent" && (name is "steer" or "approval" or "fork" || MayBeSilent.Contains(name)), $"{card.GetProperty("name")}: {step}");
        }
    }

    /// <summary>All but its gaps passed, and each gap says what was seen.</summary>
    private static void JudgeOther(string name, JsonElement card)
    {
        Assert.Equal("acp", card.GetProperty("adapter").GetString());
        foreach (var step in Steps(card))
        {
            var (key, result, why) = (step.GetProperty("step").GetString()!, step.GetProperty("result").GetString(), step.GetProperty("why").ToString());
            if (s_others[name].Gaps.TryGetValue(key, out var gap)) Assert.True(result == "absent" && why.Contains(gap, StringComparison.Ordinal), $"{name}: {step}");
            else Assert.True(result == "passed" || result == "absent" && s_trouble.Contains(key) && why.Contains("Drover sees only its silence", StringComparison.Ordinal), $"{name}: {step}");
        }
    }

    private bool SaysInsideTurn(string agent) =>
        _place.Json("agents").EnumerateArray().Single(a => a.GetProperty("name").GetString() == agent).GetProperty("can").GetProperty("steer").GetBoolean();

    private static IEnumerable<JsonElement> Steps(JsonElement card) => card.GetProperty("steps").EnumerateArray();

    private static string Command(JsonElement card) => card.GetProperty("command")[0].GetString()!;

    private void WriteShim(string name, string script)
    {
        var path = Path.Combine(_bin.FullName, name);
        File.WriteAllText(path, "#!/bin/sh\n" + script);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private void CommitRoster()
    {
        File.WriteAllText(Path.Combine(_place.Repository, "drover.yaml"), $"""
            agents:
              coder: {"{"} adapter: claude {"}"}
              broken: {"{"} adapter: claude, command: ["{_bin.FullName}/shim"] {"}"}
              some: {"{"} adapter: acp, command: ["{_bin.FullName}/some", --acp, --auth-type, openai] {"}"}
              other: {"{"} adapter: acp, command: ["{_bin.FullName}/other"] {"}"}
            """);
        _place.Git(_place.Repository, "add", "drover.yaml");
        _place.Git(_place.Repository, "-c", "user.name=Ann", "-c", "user.email=ann@example.org", "commit", "-q", "-m", "Agents");
    }
}
