using System.Text;
using System.Text.Json;
using Drover.Core;
using Drover.Node.Spooling;
using Drover.Server.Journaling;
using Drover.Server.Runs;
using Drover.Server.Tickets;
using Xunit;

namespace Drover.Server.Tests.Runs;

/// <summary>An agent whose process ends over what passes is given another one, in the same run.</summary>
public sealed class SuccessionTests
{
    /// <summary>The process ends with a turn that was refused.</summary>
    private const string Refused = """
        echo '{"type":"result","subtype":"success","is_error":true,"api_error_status":429,"result":"API Error: 429 rate limited","usage":{"input_tokens":10,"output_tokens":1}}'
        exit 1
        """;

    private const string Works = """
        echo x > a.txt; git add a.txt; git commit -qm A; echo "$finish"
        cat > /dev/null
        """;

    /// <summary>It takes up a message, which then stands in <c>steer</c> beside the worktree.</summary>
    private const string Hears = """
        read -r steer
        printf '%s\n' "$steer" >> ../steer
        id=$(printf %s "$steer" | sed 's/.*"uuid":"\([^"]*\)".*/\1/')
        echo "{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":\"x\"},\"uuid\":\"$id\",\"isReplay\":true}"
        """;

    /// <summary>What it is told first stands in <c>prompts</c> beside the worktree, a line for each process.</summary>
    private static Plan Dies(string first, string second = Works, string agent = "") => Plan.Shell($"""
        printf '%s\n' "$prompt" >> ../prompts
        case "$*" in
          *--resume*)
            {second}
            ;;
          *)
            {first}
            ;;
        esac
        """) with { Agent = agent };

    [Fact]
    public async Task A_process_that_ends_over_a_rate_limit_is_followed_by_another_in_the_same_run_and_conversation()
    {
        const string call = """
            tool='{"type":"assistant","message":{"id":"m1","role":"assistant","content":[{"type":"tool_use","id":"t1","name":"Bash","input":{"command":"long"}}]}}'
            echo "$tool"
            printf '{"type":"user","message":{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"%s"}]}}\n' "$(printf '%05000d' 0)"
            """;
        await using var shop = await Workshop.Open(Dies($"{call}\n{Refused}"));
        var run = await shop.Start();
        await Waiting(shop, run);
        await Hasten(shop, run);

        var settled = await shop.Settled(run);

        Assert.Equal((Outcome.Succeeded, 1, 2), (settled.Ending!.Outcome, settled.Result.Commits, settled.ProcessNumber));
        Assert.Single(shop.Journal.Read(db => RunTable.Of(db, run.Ticket!.Value)));
        Assert.Equal((null, null), (settled.FreshReason, settled.Wait.Until));
        Assert.Equal([Outcome.Failed, Outcome.Succeeded], shop.Journal.Read(db => TurnTable.Of(db, run.Id)).Select(t => t.Result!.Outcome));
        Assert.Equal((11, 2), (settled.Usage.Input, settled.Usage.Output));
        Assert.Equal(["11111111-2222-4333-8444-555555555555"], shop.Journal.Read(db => ConversationTable.Of(db, run.Project, run.Attempt!.Value)).Select(c => c.VendorId));
        Assert.Contains("rate_limit", Assert.Single(shop.Events(run), e => e.Type == EventTypes.RunWaiting).Data, StringComparison.Ordinal);
        Assert.Equal(2, shop.Events(run).Count(e => e.Type == EventTypes.RunStarting));
        Assert.Contains("--resume", shop.Order(settled).Command);
        Assert.Contains("You are the coder of this ticket", shop.Order(settled).Prompt, StringComparison.Ordinal);
        var told = Prompts(settled);
        Assert.Equal(2, told.Count);
        Assert.Contains("You are the coder of this ticket", told[0], StringComparison.Ordinal);
        Assert.Contains("cut short from outside (rate_limit)", told[1], StringComparison.Ordinal);
        // What is too long for the journal still stands where it points to: the second process's output follows the first one's.
        var returned = JsonDocument.Parse(Assert.Single(shop.Events(run), e => e.Type == EventTypes.ToolReturned).Data).RootElement;
        var line = Assert.IsType<SpoolBytes.Found>(SpoolBytes.Read(shop.Job(run), returned.GetProperty("offset").GetInt64(), returned.GetProperty("length").GetInt32()));
        Assert.Contains(new string('0', 5000), Encoding.UTF8.GetString(line.Bytes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_waits_as_a_row_without_a_process_and_the_next_server_waits_on()
    {
        await using var shop = await Workshop.Open(Dies(Refused));
        var run = await shop.Start();
        await Waiting(shop, run);
        var until = shop.Get(run).Wait.Until!.Value;
        var shown = Status(shop, run);

        await shop.Restart();

        Assert.Equal((RunState.Starting, until, null), (shop.Get(run).State, shop.Get(run).Wait.Until, shop.Get(run).Process));
        Assert.Empty(Workshop.Processes(run));
        Assert.Equal(RunStatus.Limited, shown.Status);
        Assert.Contains("429", shown.Evidence, StringComparison.Ordinal);
        Assert.Contains("the same conversation goes on then", shop.Journal.Read(db => TicketView.Why(db, run.Ticket!.Value, TimeProvider.System.GetUtcNow())).Text, StringComparison.Ordinal);
        await Hasten(shop, run);
        Assert.Equal(Outcome.Succeeded, (await shop.Settled(run)).Ending!.Outcome);
    }

    [Fact]
    public async Task A_stop_ends_the_wait_between_two_processes_at_once_and_keeps_the_worktree()
    {
        await using var shop = await Workshop.Open(Dies($"echo y > left; {Refused}"));
        var run = await shop.Start();
        await Waiting(shop, run);

        var settled = await shop.Stop(run);

        Assert.Equal((Outcome.Stopped, "enough", 2), (settled.Ending!.Outcome, settled.Ending.Reason, settled.ProcessNumber));
        Assert.Equal(["left"], settled.Result.Dirty);
        Assert.True(Directory.Exists(settled.Worktree));
        Assert.Single(Prompts(settled));
    }

    [Theory]
    [InlineData(Outcome.Succeeded)]
    [InlineData(Outcome.Stopped)]
    public async Task What_may_have_escaped_of_the_former_process_is_told_when_the_run_is_over_once(Outcome outcome)
    {
        await using var shop = await Workshop.Open(Dies($"until test -e ../go; do sleep 0.05; done; {Refused}"));
        var run = await shop.Start();
        await Workshop.Until(() => shop.Get(run).Process is not null, () => shop.Describe(run));
        // A command that was started for the agent, of which nobody can tell any more what became of it.
        var command = shop.Work.Place.Job(new RunId("lost"));
        Directory.CreateDirectory(command.Started);
        Dependants.Mark(shop.Job(run), command);
        await File.WriteAllTextAsync(Beside(shop.Get(run), "go"), "", TestContext.Current.CancellationToken);
        await Waiting(shop, run);
        Assert.Contains("may have escaped", shop.Get(run).Result.Note, StringComparison.Ordinal);

        if (outcome == Outcome.Succeeded) await Hasten(shop, run);
        var settled = outcome == Outcome.Stopped ? await shop.Stop(run) : await shop.Settled(run);

        Assert.Equal(outcome, settled.Ending!.Outcome);
        Assert.Single(settled.Result.Note!.Split('\n'), l => l.Contains("something of the agent may have escaped", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_message_that_is_said_between_two_processes_ends_the_wait_and_is_given_to_the_second()
    {
        await using var shop = await Workshop.Open(Dies(Refused, $"""
            echo "$finish"
            {Hears}
            {Works}
            """));
        var run = await shop.Start();
        await Waiting(shop, run);

        var steer = await shop.Say(run, "Mind the umlauts.", SteerMode.Now);
        var settled = await shop.Settled(run);

        Assert.Equal((Outcome.Succeeded, SteerState.Acknowledged), (settled.Ending!.Outcome, shop.Steer(steer).State));
        Assert.Contains("Mind the umlauts.", await File.ReadAllTextAsync(Beside(settled, "steer"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_the_first_process_was_given_and_never_confirmed_is_unknown_and_the_second_never_gets_it()
    {
        await using var shop = await Workshop.Open(Dies($"""
            read -r steer
            {Refused}
            """));
        var run = await shop.Start();
        await shop.Live(run);
        var steer = await shop.Say(run, "use tabs", SteerMode.Now);
        await Waiting(shop, run);

        Assert.Equal((SteerState.Unknown, "the agent ended before it said that it had read it"), (shop.Steer(steer).State, shop.Steer(steer).Why));
        await Hasten(shop, run);
        var settled = await shop.Settled(run);

        Assert.Equal(Outcome.Succeeded, settled.Ending!.Outcome);
        Assert.Single(shop.Events(run), e => e.Type == EventTypes.SteerWritten);
        Assert.DoesNotContain(Prompts(settled), p => p.Contains("use tabs", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_further_wait_is_longer_and_the_time_that_the_run_may_wait_ends_it()
    {
        await using var shop = await Workshop.Open(Dies(Refused, Refused, "limits: {wait: 8s}"));
        var run = await shop.Start();
        await Waiting(shop, run);
        await Hasten(shop, run);

        var settled = await shop.Settled(run);

        Assert.Equal((Outcome.Failed, FailureClass.RateLimit, true, 2), (settled.Ending!.Outcome, settled.Ending.Class, settled.Ending.Retryable, settled.ProcessNumber));
        Assert.Contains("limits.wait is 8 s", settled.Ending.Reason, StringComparison.Ordinal);
        Assert.Equal(2, Prompts(settled).Count);
    }

    [Fact]
    public async Task A_conversation_that_the_second_process_does_not_find_becomes_a_fresh_one_with_the_full_prompt_and_what_was_said_meanwhile()
    {
        await using var shop = await Workshop.Open(Plan.Program($"""
            printf '%s\n' "$*" >> ../commands
            case "$*" in
              *--resume*)
                while [ ! -e ../told ]; do sleep 0.05; done
                echo '{JsonSerializer.Serialize(new { type = "result", subtype = "error_during_execution", is_error = true, errors = (string[])["No conversation found with session ID: x"] })}'
                exit 1
                ;;
            esac
            {Plan.Shell($"""
                printf '%s\n' "$prompt" >> ../prompts
                if [ -e ../once ]; then
                  while [ ! -e ../seen ]; do sleep 0.05; done
                  echo "$finish"
                  {Hears}
                  {Works}
                fi
                touch ../once
                {Refused}
                """).AgentScript}
            """));
        var run = await shop.Start();
        await Waiting(shop, run);
        await Hasten(shop, run);
        await Workshop.Until(() => shop.Get(run) is { State: RunState.Starting, Process: not null, ProcessNumber: 2 }, () => shop.Describe(run));
        var steer = await shop.Say(run, "And this.", SteerMode.Now);
        await Workshop.Until(() => shop.Journal.Read(db => SteerTable.Untaken(db, run.Id)).Count == 0, () => shop.Describe(run));
        await File.WriteAllTextAsync(Beside(shop.Get(run), "told"), "", TestContext.Current.CancellationToken);
        await Workshop.Until(() => shop.Get(run) is { State: RunState.Live, ProcessNumber: 3 }, () => shop.Describe(run));
        Assert.Contains("it began a new conversation, since the agent could not go on with the conversation",
            shop.Journal.Read(db => TicketView.Why(db, run.Ticket!.Value, TimeProvider.System.GetUtcNow())).Text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Beside(shop.Get(run), "seen"), "", TestContext.Current.CancellationToken);

        var settled = await shop.Settled(run);

        Assert.Equal((Outcome.Succeeded, 3), (settled.Ending!.Outcome, settled.ProcessNumber));
        Assert.Contains("No conversation found", settled.FreshReason, StringComparison.Ordinal);
        Assert.Single(shop.Events(run), e => e.Type == EventTypes.RunAnew);
        Assert.Equal((SteerState.Acknowledged, 1), (shop.Steer(steer).State, shop.Events(run).Count(e => e.Type == EventTypes.SteerWritten)));
        Assert.Contains($"{run.Name} worked on this before and ended as failed (API Error: 429 rate limited)", Prompts(settled)[1], StringComparison.Ordinal);
        Assert.All(Prompts(settled), p => Assert.Contains("You are the coder of this ticket", p, StringComparison.Ordinal));
        Assert.Equal([Outcome.Failed, Outcome.Failed, Outcome.Succeeded, Outcome.Succeeded], shop.Journal.Read(db => TurnTable.Of(db, run.Id)).Select(t => t.Result!.Outcome));
        // Each conversation that Drover may name has a name of its own.
        var commands = await File.ReadAllLinesAsync(Beside(settled, "commands"), TestContext.Current.CancellationToken);
        Assert.Equal(3, commands.Distinct().Count());
    }

    [Fact]
    public async Task A_second_process_whose_checkpoint_is_of_an_unknown_version_is_understood_from_its_own_first_line_on()
    {
        await using var shop = await Workshop.Open(Dies(Refused, $"""
            while [ ! -e ../go ]; do sleep 0.05; done
            {Works}
            """));
        var run = await shop.Start();
        await Waiting(shop, run);
        await Hasten(shop, run);
        await shop.Live(run);

        await shop.Restart(() => shop.Journal.Do(Priority.Urgent, tx => tx.Execute($"UPDATE runs SET checkpoint_version = 'claude/from-the-future' WHERE id = {run.Id}")));
        await File.WriteAllTextAsync(Beside(shop.Get(run), "go"), "", TestContext.Current.CancellationToken);
        var settled = await shop.Settled(run);

        Assert.Equal((Outcome.Succeeded, 1), (settled.Ending!.Outcome, settled.Result.Commits));
        Assert.Equal(2, shop.Journal.Read(db => TurnTable.Of(db, run.Id)).Count);
    }

    [Fact]
    public async Task The_second_process_of_a_fork_goes_on_with_the_copy_and_makes_no_other()
    {
        const string original = "11111111-2222-4333-8444-555555555555", copy = "99999999-2222-4333-8444-555555555555";
        await using var shop = await Workshop.Open(Plan.Program($$"""
            {{Plan.Answer}}
            read -r prompt
            printf '%s\n' "$*" >> ../arguments
            case "$*" in
              *--fork-session*|*'--resume {{copy}}'*) id={{copy}} ;;
              *) id={{original}} ;;
            esac
            uuid=$(printf %s "$prompt" | sed 's/.*"uuid":"\([^"]*\)".*/\1/')
            echo "{\"type\":\"system\",\"subtype\":\"init\",\"session_id\":\"$id\",\"model\":\"m\"}"
            echo "{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":\"x\"},\"uuid\":\"$uuid\",\"isReplay\":true}"
            case "$*" in *--fork-session*)
              {{Refused}}
            esac
            echo x >> a.txt; git add a.txt; git commit -qm A
            echo '{"type":"result","subtype":"success","is_error":false,"result":"Done.","stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1},"terminal_reason":"completed"}'
            cat > /dev/null
            """));
        var first = await shop.Settled(await shop.Start());

        var fork = await shop.Continue(first, Continuation.Resume, fork: true);
        await Waiting(shop, fork);
        await Hasten(shop, fork);
        var settled = await shop.Settled(fork);

        Assert.Equal((Outcome.Succeeded, 2, copy), (settled.Ending!.Outcome, settled.ProcessNumber, settled.Conversation.VendorId));
        Assert.Equal((first.Conversation.Id, original), (settled.ForkOf, first.Conversation.VendorId));
        var started = File.ReadAllLines(Path.Combine(Path.GetDirectoryName(first.Worktree)!, "arguments"));
        Assert.Equal([false, true, false], started.Select(a => a.Contains("--fork-session", StringComparison.Ordinal)));
        Assert.Contains($"--resume {original}", started[1], StringComparison.Ordinal);
        Assert.Contains($"--resume {copy}", started[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_cannot_resume_settles_with_the_reason()
    {
        await using var shop = await Workshop.Open(Plan.Of("say: unused"));
        var file = Path.Combine(shop.Repository.Path, "program.sh");
        await File.WriteAllTextAsync(file, """
            echo '{"type":"conversation.started","conversation":"c1"}'
            echo '{"type":"turn.ended","outcome":"failed","class":"rate_limit","reason":"slow down"}'
            """, TestContext.Current.CancellationToken);
        shop.Configure($$"""
            name: app
            agents:
              coder: { adapter: command, command: [/bin/sh, {{file}}], options: { output: json }, home: isolated }
            sandbox: off
            merge: never
            """);

        var run = await shop.Settled(await shop.Start());

        Assert.Equal((Outcome.Failed, FailureClass.RateLimit, 1), (run.Ending!.Outcome, run.Ending.Class, run.ProcessNumber));
        Assert.Equal("slow down (its process ended before it could go on, and the adapter command cannot go on with an earlier conversation)", run.Ending.Reason);
        Assert.Null(run.Wait.Until);
    }

    private static string Beside(RunRow run, string file) => Path.Combine(run.Worktree!, "..", file);

    private static IReadOnlyList<string> Prompts(RunRow run) => File.ReadAllLines(Beside(run, "prompts"));

    private static Task Waiting(Workshop shop, RunRow run) =>
        Workshop.Until(() => shop.Get(run) is { Wait.Until: not null, State: RunState.Starting }, () => shop.Describe(run));

    /// <summary>The time comes now.</summary>
    private static Task Hasten(Workshop shop, RunRow run) => shop.Journal.Do(Priority.Urgent, tx =>
        Assert.Equal(1, tx.Execute($"UPDATE runs SET waiting_until = {tx.Now} WHERE id = {run.Id} AND waiting_until IS NOT NULL")));

    private static ShownStatus Status(Workshop shop, RunRow run) => shop.Journal.Read(db => RunView.Status(db, RunTable.Get(db, run.Id)!, TimeProvider.System.GetUtcNow()));
}
