using System.Text.Json;
using Drover.Core;
using Drover.Node.Sandboxing;
using Drover.Server.Journaling;
using Drover.Server.Runs;
using Xunit;

namespace Drover.Server.Tests.Runs;

/// <summary>Commands that are run for an agent which has its client do so. The agent is a script that asks, waits for each answer, and writes the answers to its standard error.</summary>
public sealed class TerminalTests
{
    private const string Opening = """
        read -r hello; printf '%s\n' "$hello" >&2
        echo '{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":1,"agentCapabilities":{}}}'
        read -r new; echo '{"jsonrpc":"2.0","id":2,"result":{"sessionId":"s-1"}}'
        read -r prompt
        n=100
        hear() { read -r answer || exit 9; printf '%s\n' "$answer" >&2; }
        tell() { n=$((n+1)); printf '{"jsonrpc":"2.0","id":%s,"method":"terminal/%s","params":{"sessionId":"s-1",%s}}\n' $n "$1" "$2"; }
        ask() { tell "$@"; hear; }
        create() { ask create "$1"; id=$(printf %s "$answer" | sed 's/.*"terminalId":"\([^"]*\)".*/\1/'); }
        on() { ask "$1" "\"terminalId\":\"$id\""; }
        commit() { create '"command":"git add -A && git commit -qm Work"'; on wait_for_exit; on release; }
        finish() { echo '{"jsonrpc":"2.0","id":3,"result":{"stopReason":"end_turn"}}'; read -r end; }

        """;

    [Fact]
    public async Task A_command_runs_in_the_worktree_and_tells_its_output_and_its_end()
    {
        var secret = Path.Combine(Directory.CreateTempSubdirectory("drover-secret-").FullName, "secret");
        await File.WriteAllTextAsync(secret, "not for agents", TestContext.Current.CancellationToken);
        await using var shop = await Open("""
            mkdir place; ln -s /etc out; ln -s place in
            create '"command":"sh","args":["-c","echo \"$WHERE\"; pwd -P; echo oops >&2; touch made; exit 3"],"env":[{"name":"WHERE","value":"a b;c"}],"cwd":"'"$PWD/in"'"'
            on wait_for_exit; on output; on release; on output
            create '"command":"printf abcé","outputByteLimit":1'; on wait_for_exit; on output; on release
            for where in /etc "$PWD/out" "$PWD/.." "$PWD/.git" "$PWD/none"; do create '"command":"pwd","cwd":"'"$where"'"'; done
            create '"command":"cat","args":["{{secret}}"]'; on wait_for_exit; on release
            rm out in; commit
            finish
            """.Replace("{{secret}}", secret));

        var run = await shop.Settled(await shop.Start());

        Directory.Delete(Path.GetDirectoryName(secret)!, recursive: true);
        var answers = Answers(shop, run);
        Assert.True(run.Ending!.Outcome == Outcome.Succeeded, shop.Describe(run) + string.Join('\n', answers));
        Assert.Contains("\"terminal\":true", answers[0].GetRawText());
        Assert.Equal(3, answers[2].GetProperty("result").GetProperty("exitCode").GetInt32());
        var output = answers[3].GetProperty("result");
        Assert.Equal($"a b;c\n{run.Worktree}/place\noops\n", output.GetProperty("output").GetString());
        Assert.Equal((false, 3), (output.GetProperty("truncated").GetBoolean(), output.GetProperty("exitStatus").GetProperty("exitCode").GetInt32()));
        Assert.Equal("{}", answers[4].GetProperty("result").GetRawText());
        Assert.Equal(-32002, Code(answers[5]));
        var cut = answers[8].GetProperty("result");
        Assert.Equal(("", true), (cut.GetProperty("output").GetString(), cut.GetProperty("truncated").GetBoolean()));
        Assert.All(answers.Skip(10).Take(5), a => Assert.Contains("is not a directory of the worktree", a.GetProperty("error").GetProperty("message").GetString()));
        Assert.Equal(1, answers[16].GetProperty("result").GetProperty("exitCode").GetInt32());
        Assert.Equal("place/made", shop.Repository.Run("ls-tree", "-r", "--name-only", run.Result.Head!.Value.Value, "place").Trim());
        Assert.Contains(shop.Events(run), e => e.Type == EventTypes.ToolReturned && e.Data.Contains("exit code 3", StringComparison.Ordinal));
        AssertGone(shop, run, answers);
    }

    [Fact]
    public async Task A_command_is_killed_with_all_it_has_started_when_it_is_asked_for_and_when_the_turn_is_interrupted()
    {
        await using var shop = await Open("""
            create '"command":"sleep 1000 & sleep 1000"'; on kill; on wait_for_exit; on release
            create '"command":"sleep 1000 & echo on; touch began; sleep 1000"'
            tell wait_for_exit "\"terminalId\":\"$id\""
            hear; hear
            rm began; echo '{"jsonrpc":"2.0","id":3,"result":{"stopReason":"cancelled"}}'
            read -r prompt
            on output
            echo '{"jsonrpc":"2.0","id":4,"result":{"stopReason":"end_turn"}}'; read -r end
            """);
        var run = await shop.Start();
        await Workshop.Until(() => File.Exists(Path.Combine(shop.Get(run).Worktree ?? "/none", "began")), () => shop.Describe(run));

        await shop.Say(run, "something else", SteerMode.Interrupt);
        run = await shop.Settled(run);

        var answers = Answers(shop, run);
        Assert.Equal(JsonValueKind.Null, answers[3].GetProperty("result").GetProperty("exitCode").ValueKind);
        var rest = answers.Skip(6).ToList();
        Assert.Contains(rest, a => a.TryGetProperty("method", out var method) && method.GetString() == "session/cancel");
        Assert.Contains(rest, a => a.TryGetProperty("result", out var result) && result.TryGetProperty("signal", out var signal) && signal.GetString() == "SIGKILL");
        Assert.Equal("on\n", rest[^1].GetProperty("result").GetProperty("output").GetString());
        AssertGone(shop, run, answers);
    }

    [Theory]
    [InlineData("exit 1")]
    [InlineData("finish")]
    [InlineData("sleep 1000")]
    public async Task What_an_agent_has_left_running_is_gone_before_its_run_is_settled(string then)
    {
        await using var shop = await Open($"create '\"command\":\"sleep 1000 & sleep 1000\"'; touch began; git add began; git commit -qm Work; {then}");
        var run = await shop.Start();
        await Workshop.Until(() => Answers(shop, run).Count > 1, () => shop.Describe(run));

        run = then.StartsWith("sleep", StringComparison.Ordinal) ? await shop.Stop(run) : await shop.Settled(run);

        AssertGone(shop, run, Answers(shop, run));
    }

    [Fact]
    public async Task A_command_that_runs_beside_an_agent_which_goes_on_talking_may_take_longer_than_a_tool_call()
    {
        await using var shop = await Open("""
            touch a; git add a; git commit -qm Work
            create '"command":"sleep 1000"'
            for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
              echo '{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"s-1","update":{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"On it. "}}}}'
              sleep 0.2
            done
            finish
            """, agent: "limits: {tool: 1s}");

        var run = await shop.Settled(await shop.Start());

        Assert.True(run.Ending!.Outcome == Outcome.Succeeded, shop.Describe(run));
    }

    [Theory]
    [InlineData("tool: 1s", "tell wait_for_exit \"\\\"terminalId\\\":\\\"$id\\\"\"; hear", "one tool call has been open")]
    [InlineData("idle: 1s", "sleep 1000", "no sign of life")]
    public async Task A_command_is_a_tool_call_while_its_end_is_waited_for_and_else_the_agent_is_silent(string limit, string then, string reason)
    {
        await using var shop = await Open($"create '\"command\":\"sleep 1000\"'; {then}", agent: $"limits: {{{limit}}}");

        var run = await shop.Settled(await shop.Start());

        Assert.Equal(FailureClass.Silent, run.Ending!.Class);
        Assert.Contains(reason, run.Ending.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Output_that_is_looked_at_again_and_again_does_not_pile_up_in_the_journal()
    {
        await using var shop = await Open("""
            create '"command":"seq 90000 | head -c 200000"'; on wait_for_exit
            on output; on output; on output; on output; on output
            touch looked; hear
            """);
        var run = await shop.Start();
        await Workshop.Until(() => File.Exists(Path.Combine(shop.Get(run).Worktree ?? "/none", "looked")), () => shop.Describe(run));

        var frames = shop.Journal.Read(db => FrameTable.From(db, run.Id, 0));
        var inputs = shop.Journal.Read(db => InputTable.Of(db, run.Id));
        var stopped = await shop.Stop(run);

        Assert.Equal(200_000, Answers(shop, run)[3].GetProperty("result").GetProperty("output").GetString()!.Length);
        Assert.InRange(frames.Sum(f => f.Bytes.Length), 200_000, 300_000);
        Assert.True(inputs.Count > 5 && inputs.Sum(i => i.Json.Length) < 10_000, $"{inputs.Count} inputs");
        Assert.Equal(Outcome.Stopped, stopped.Ending!.Outcome);
    }

    [Fact]
    public async Task A_command_goes_on_while_no_server_is_there_and_its_end_is_told_once()
    {
        await using var shop = await Open("""
            create '"command":"echo once >> times; touch began; until [ -e go ]; do sleep 0.05; done; rm go began; exit 4"'
            on wait_for_exit; on release; commit; finish
            """);
        var run = await shop.Start();
        await Workshop.Until(() => File.Exists(Path.Combine(shop.Get(run).Worktree ?? "/none", "began")), () => shop.Describe(run));

        await shop.Restart(() => File.WriteAllText(Path.Combine(shop.Get(run).Worktree!, "go"), ""));
        run = await shop.Settled(run);

        var answers = Answers(shop, run);
        Assert.True(run.Ending!.Outcome == Outcome.Succeeded, shop.Describe(run) + string.Join('\n', answers));
        Assert.Equal([4], answers.Skip(2).Take(1).Select(a => a.GetProperty("result").GetProperty("exitCode").GetInt32()));
        Assert.Equal("once", shop.Repository.Run("show", $"{run.Result.Head}:times").Trim());
        AssertGone(shop, run, answers);
    }

    [Fact]
    public async Task A_command_that_was_started_and_not_stored_is_taken_up_though_its_directory_is_gone()
    {
        await using var shop = await Open("""
            mkdir place
            create '"command":"cd .. && rmdir place && touch began; until [ -e go ]; do sleep 0.05; done; rm go began; exit 4","cwd":"'"$PWD/place"'"'
            hear
            on wait_for_exit; on release; finish
            """);
        var run = await shop.Start();
        await Workshop.Until(() => File.Exists(Path.Combine(shop.Get(run).Worktree ?? "/none", "began")) && Answers(shop, run).Count > 1, () => shop.Describe(run));

        // As a server leaves it that is killed behind the start.
        await shop.Restart(() => shop.Journal.Do(Priority.Urgent, tx => Assert.Equal(1, tx.Execute(
            $"UPDATE runs SET checkpoint = replace(checkpoint, '\"Phase\":1', '\"Phase\":0') WHERE id = {run.Id} AND checkpoint LIKE '%\"Phase\":1%'"))));
        await File.WriteAllTextAsync(Path.Combine(shop.Get(run).Worktree!, "go"), "", TestContext.Current.CancellationToken);
        run = await shop.Settled(run);

        var answers = Answers(shop, run);
        Assert.Equal(["drover-1", "drover-1"], answers.Skip(1).Take(2).Select(a => a.TryGetProperty("result", out var result) ? result.GetProperty("terminalId").GetString() : a.GetRawText()));
        Assert.Equal(4, answers[3].GetProperty("result").GetProperty("exitCode").GetInt32());
        AssertGone(shop, run, answers);
    }

    [Fact]
    public async Task A_command_whose_keeper_has_undone_its_start_is_over()
    {
        await using var shop = await Open("""create '"command":"touch began; sleep 1000"'; on wait_for_exit; on release; finish""");
        var run = await shop.Start();
        await Workshop.Until(() => File.Exists(Path.Combine(shop.Get(run).Worktree ?? "/none", "began")) && Answers(shop, run).Count > 1, () => shop.Describe(run));

        Directory.Delete(shop.Work.Place.Job(SideJob.IdOf($"terminal {run.Id} 0 drover-1")).Started, recursive: true);
        run = await shop.Settled(run);

        var answers = Answers(shop, run);
        Assert.Equal("SIGKILL", answers[2].GetProperty("result").GetProperty("signal").GetString());
        AssertGone(shop, run, answers);
    }

    [Fact]
    public async Task A_command_sees_nothing_of_the_home_in_which_its_agent_has_its_login()
    {
        await using var shop = await Open("""
            echo secret > "$HOME/login"
            create '"command":"cat","args":["'"$HOME/login"'"]'; on wait_for_exit; on release
            create '"command":"cat ~/login"'; on wait_for_exit; on release
            finish
            """);

        var run = await shop.Settled(await shop.Start());

        Assert.True(File.Exists(Path.Combine(shop.Work.Place.Homes, "app", "coder", "login")));
        var codes = Answers(shop, run).Where(a => a.TryGetProperty("result", out var result) && result.TryGetProperty("exitCode", out _)).Select(a => a.GetProperty("result").GetProperty("exitCode").GetInt32());
        Assert.Equal([1, 1], codes);
    }

    [Fact]
    public async Task Policy_judges_a_command_like_any_other_deed()
    {
        await using var shop = await Open("""
            create '"command":"touch","args":["one"]'; on wait_for_exit; on release
            create '"command":"rm","args":["-rf","one"]'
            create '"command":"touch","args":["two"],"cwd":"'"$PWD/."'","env":[{"name":"LD_PRELOAD","value":"/x"}]'
            finish
            """, more: "approvals: {default: deny, allow: [\"touch *\"]}");

        var run = await shop.Settled(await shop.Start());

        var answers = Answers(shop, run);
        Assert.Equal(0, answers[2].GetProperty("result").GetProperty("exitCode").GetInt32());
        Assert.All(answers.Skip(4).Take(2), a => Assert.Contains("not permitted", a.GetProperty("error").GetProperty("message").GetString()));
        Assert.Equal((true, false), (File.Exists(Path.Combine(run.Worktree!, "one")), File.Exists(Path.Combine(run.Worktree!, "two"))));
        var rows = shop.Journal.Read(db => ApprovalTable.Of(db, run.Id));
        Assert.Equal([ApprovalState.Allowed, ApprovalState.Denied, ApprovalState.Denied], rows.Select(r => r.State));
        AssertGone(shop, run, answers);
    }

    [Fact]
    public async Task Without_the_sandbox_nothing_is_offered_and_nothing_run()
    {
        await using var shop = await Open("""create '"command":"touch one"'; finish""", sandbox: "off");

        var run = await shop.Settled(await shop.Start());

        var answers = Answers(shop, run);
        Assert.Contains("\"terminal\":false", answers[0].GetRawText());
        Assert.Equal(-32601, Code(answers[1]));
        Assert.False(File.Exists(Path.Combine(run.Worktree!, "one")));
    }

    private static async Task<Workshop> Open(string work, string sandbox = "required", string more = "", string agent = "")
    {
        var shop = await Workshop.Open(Plan.Of("say: unused"));
        Assert.SkipUnless(sandbox == "off" || (await shop.Work.Place.Sandbox).Resolve(SandboxMode.Auto) is SandboxLevel.Bubblewrap, "there is no bubblewrap here");
        var file = shop.Sign("agent.sh");
        await File.WriteAllTextAsync(file, Opening + work, TestContext.Current.CancellationToken);
        shop.Configure($$"""
            name: app
            agents:
              coder:
                adapter: acp
                command: {{JsonSerializer.Serialize((string[])["/bin/sh", file])}}
                home: isolated
                options: {delegate: terminals}
                {{agent}}
            sandbox: {{sandbox}}
            merge: never
            {{more}}
            """);
        return shop;
    }

    private static List<JsonElement> Answers(Workshop shop, RunRow run) => !File.Exists(shop.Job(run).Err) ? []
        : [.. File.ReadAllLines(shop.Job(run).Err).Where(l => l.StartsWith('{') && l.EndsWith('}')).Select(l => JsonDocument.Parse(l).RootElement)];

    private static int Code(JsonElement answer) => answer.GetProperty("error").GetProperty("code").GetInt32();

    /// <summary>No process of any command is left, nor what it has written.</summary>
    private static void AssertGone(Workshop shop, RunRow run, List<JsonElement> answers)
    {
        Assert.Contains(answers, a => a.TryGetProperty("result", out var result) && result.TryGetProperty("terminalId", out _));
        foreach (var job in Enumerable.Range(1, 20).Select(n => SideJob.IdOf($"terminal {run.Id} {run.SpoolStart} drover-{n}").Value))
        {
            Assert.Empty(Workshop.Marked(job));
            Assert.DoesNotContain(job, shop.JobNames());
        }

        Assert.Empty(Directory.GetFiles(shop.Job(run).Dependants));
    }
}
