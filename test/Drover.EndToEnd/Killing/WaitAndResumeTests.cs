using Drover.Api;
using Drover.Core;
using Xunit;

namespace Drover.EndToEnd.Killing;

/// <summary>The server dies while a run waits for its vendor, and while one is made ready that goes on with another.</summary>
public sealed class WaitAndResumeTests
{
    /// <summary>The crash points that are passed here and not in a day without trouble.</summary>
    internal static readonly IReadOnlyList<string> Points = [nameof(CrashPoint.WaitStored), nameof(CrashPoint.SuccessorIntended), nameof(CrashPoint.RemnantsCleared)];

    [Fact]
    public async Task A_run_that_waits_for_its_vendor_goes_on_in_time_under_the_next_server()
    {
        await using var trial = await Trial.Begin(["edit: {path: a.txt, content: x}", "commit: A", "usage_limit: {resets_in: 3s}"]);
        await trial.KillServer();
        trial.Restart(nameof(CrashPoint.WaitStored));

        var run = await trial.Start();
        await Eventually.True(() => trial.Server.Deaths == 1, () => $"the server dies over the wait\n{trial.Server.Log}");
        var keeper = trial.Keeper(run);
        await trial.Until(run, r => r.WaitingUntil is not null && r.Status is "limited" or "idle" || r.State == "settled", "the wait after the restart");
        var settled = await trial.Settled(run);

        Assert.Equal(("succeeded", 1), (settled.Outcome, settled.Work?.Commits));
        Assert.Equal(keeper, trial.Keeper(run));
        Assert.Equal(2, Prompts(trial));
    }

    [Theory]
    [InlineData(nameof(CrashPoint.RunReserved))]
    [InlineData(nameof(CrashPoint.KeeperLaunched))]
    [InlineData(nameof(CrashPoint.FramesHalfWritten))]
    [InlineData(nameof(CrashPoint.SuccessorIntended))]
    [InlineData(nameof(CrashPoint.RemnantsCleared))]
    public async Task A_resumption_over_which_the_server_dies_is_finished_by_the_next(string point)
    {
        var isAnew = point is nameof(CrashPoint.SuccessorIntended) or nameof(CrashPoint.RemnantsCleared);
        await using var trial = await Trial.Begin(["tool: {run: 'date +%N > a.txt'}", "commit: A", "tool: {run: 'test -e @/once || { touch @/once; kill -9 $PPID; }'}"]);
        var first = await trial.Settled(await trial.Start());
        Assert.Equal(("failed", "killed"), (first.Outcome, first.Class));
        await trial.KillServer();
        if (isAnew) Directory.Delete(Path.Combine(trial.Site.Shared, "conversations"), recursive: true);
        trial.Restart(point);

        var second = await trial.Settled(await trial.Person.Resume(first.Id));

        Assert.Equal(1, trial.Server.Deaths);
        Assert.Equal(("succeeded", first.Id, isAnew), (second.Outcome, second.ResumeOf, second.FreshReason is not null));
        // What was said to an agent whose conversation is gone is gone with it; the full prompt is said in its stead, once.
        Assert.Equal(isAnew ? 1 : 2, Prompts(trial));
    }

    [Theory]
    [InlineData(nameof(CrashPoint.SuccessorIntended))]
    [InlineData(nameof(CrashPoint.RemnantsCleared))]
    [InlineData($"{nameof(CrashPoint.KeeperLaunched)}:2")]
    [InlineData($"{nameof(CrashPoint.FramesHalfWritten)}:3")]
    public async Task A_process_that_ended_over_a_rate_limit_is_followed_by_one_other_though_the_server_dies_over_it(string point)
    {
        var site = new Site();
        await File.WriteAllTextAsync(Path.Combine(site.Shared, "agent.sh"), Dying.Replace("@", site.Shared, StringComparison.Ordinal));
        await using var trial = Trial.Begin(site, $"adapter: claude\n    command: [/bin/sh, {site.Shared}/agent.sh]", crashAt: point);

        var run = await trial.Settled(await trial.Start());

        Assert.Equal(1, trial.Server.Deaths);
        Assert.Equal(("succeeded", 1, null), (run.Outcome, run.Work?.Commits, run.FreshReason));
        Assert.Equal(["failed", "succeeded"], run.Turns!.Select(t => t.Outcome));
        var told = await File.ReadAllLinesAsync(Path.Combine(site.Shared, "told"));
        Assert.Equal(2, told.Length);
        Assert.Contains("Whatever comes", told[0], StringComparison.Ordinal);
        Assert.Contains("cut short from outside (rate_limit)", told[1], StringComparison.Ordinal);
    }

    /// <summary>An agent that ends over a rate limit, and works when it is started again with its conversation.</summary>
    private const string Dying = """
        read -r hello
        echo '{"type":"control_response","response":{"subtype":"success","request_id":"drover-hello","response":{}}}'
        read -r prompt
        printf '%s\n' "$prompt" >> @/told
        uuid=$(printf %s "$prompt" | sed 's/.*"uuid":"\([^"]*\)".*/\1/')
        echo '{"type":"system","subtype":"init","session_id":"11111111-2222-4333-8444-555555555555","model":"m"}'
        echo "{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":\"x\"},\"uuid\":\"$uuid\",\"isReplay\":true}"
        case "$*" in *'--resume 11111111'*) ;; *)
          echo '{"type":"result","subtype":"success","is_error":true,"api_error_status":429,"result":"API Error: 429 rate limited"}'
          exit 1
        esac
        echo x > a.txt; git add a.txt; git commit -qm A
        echo '{"type":"result","subtype":"success","is_error":false,"result":"All done.","stop_reason":"end_turn","terminal_reason":"completed"}'
        cat > /dev/null
        """;

    /// <summary>How many prompts all conversations hold together.</summary>
    private static int Prompts(Trial trial) => Directory.EnumerateFiles(Path.Combine(trial.Site.Shared, "conversations"), "*.jsonl")
        .SelectMany(File.ReadLines).Count(line => line.Contains("\"role\":\"prompt\"", StringComparison.Ordinal));
}
