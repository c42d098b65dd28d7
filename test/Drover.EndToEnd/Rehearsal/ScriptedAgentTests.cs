using System.Text.Json;
using Xunit;

namespace Drover.EndToEnd.Rehearsal;

/// <summary>The scripted agent as Claude Code; that its lines are those of the real one is <see cref="SameShapeTests"/>' affair.</summary>
public sealed class ScriptedAgentTests
{
    [Fact]
    public async Task Every_message_taken_up_is_kept_exactly_as_received_and_in_order()
    {
        using var scratch = new Scratch();
        var script = scratch.Script("""
            turns:
              - [{tool: {run: "until [ -e go ]; do sleep 0.05; done"}}]
            default: [{say: And so on.}]
            """);
        var id = Guid.NewGuid().ToString();
        string[] said = ["first \"quoted\" $(rm -rf /)\n\nlines\ttabs", "steer: größer \U0001F411", new string('x', 1_000_000)];
        await using var agent = Agents.ScriptedStreamJson(scratch, script, "--session-id", id);

        await agent.Send(StreamJsonFrames.User(said[0]));
        await agent.Until(Json.CallsTool);
        await agent.SaySafely(said[1]);
        File.WriteAllText(Path.Combine(scratch.Repository, "go"), "");
        await agent.Until(Json.IsResult);
        await agent.Send(StreamJsonFrames.User(said[2]));
        await agent.Until(Json.IsResult);
        await agent.End();

        var kept = Kept(scratch, id).Where(line => line.Text("role") is "prompt" or "steer");
        Assert.Equal([("prompt", said[0]), ("steer", said[1]), ("prompt", said[2])], kept.Select(line => (line.Text("role")!, line.Text("text")!)));
    }

    [Fact]
    public async Task A_resumed_conversation_goes_on_with_the_next_turn()
    {
        using var scratch = new Scratch();
        var script = scratch.Script("""
            turns:
              - [{crash: {exit: 7}}]
              - [{say: The second turn.}]
            """);
        var id = Guid.NewGuid().ToString();
        await using var crashing = Agents.ScriptedStreamJson(scratch, script, "--session-id", id);
        await crashing.Send(StreamJsonFrames.User("first"));
        var (exitCode, _) = await crashing.Ended();

        await using var resumed = Agents.ScriptedStreamJson(scratch, script, "--resume", id);
        await resumed.Send(StreamJsonFrames.User("second"));
        var result = await resumed.Until(Json.IsResult);
        await resumed.End();

        Assert.Equal(7, exitCode);
        Assert.Equal("The second turn.", result.Text("result"));
    }

    [Theory]
    [InlineData(9, 137)]
    [InlineData(15, 143)]
    public async Task A_signal_ends_it_in_the_middle_of_the_turn(int signal, int expected)
    {
        using var scratch = new Scratch();
        await using var agent = Agents.ScriptedStreamJson(scratch, scratch.Script($"steps: [{{say: Soon.}}, {{crash: {{signal: {signal}}}}}]"));

        await agent.Send(StreamJsonFrames.User("go"));
        var (exitCode, _) = await agent.Ended();

        Assert.Equal(expected, exitCode);
        Assert.DoesNotContain(agent.Messages, Json.IsResult);
    }

    [Fact]
    public async Task A_conversation_that_is_not_there_cannot_be_resumed()
    {
        using var scratch = new Scratch();
        await using var agent = Agents.ScriptedStreamJson(scratch, "builtin:hello", "--resume", "99999999-2222-4333-8444-555555555555");

        var (exitCode, errors) = await agent.Ended();

        Assert.Equal(1, exitCode);
        Assert.Equal("error_during_execution", Assert.Single(agent.Messages).Text("subtype"));
        Assert.Contains("No conversation found", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupt_kills_the_running_tool_with_its_children()
    {
        using var scratch = new Scratch();
        var script = scratch.Script("""
            turns:
              - [{tool: {run: "sleep 600 & echo $! > pid; touch started; wait"}}]
              - [{say: On again.}]
            """);
        await using var agent = Agents.ScriptedStreamJson(scratch, script);

        await agent.Send(StreamJsonFrames.User("first"));
        await Files.Appear(Path.Combine(scratch.Repository, "started"));
        await agent.Send(StreamJsonFrames.Interrupt);
        var interrupted = await agent.Until(Json.IsResult);
        await agent.Send(StreamJsonFrames.User("second"));
        var resumed = await agent.Until(Json.IsResult);

        Assert.Equal("aborted_tools", interrupted.Text("terminal_reason"));
        Assert.Equal("On again.", resumed.Text("result"));
        await Files.EndOf(int.Parse(scratch.Read("pid"), System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task An_interrupt_that_comes_with_the_prompt_ends_its_turn()
    {
        using var scratch = new Scratch();
        await using var agent = Agents.ScriptedStreamJson(scratch, scratch.Script("turns: [[hang], [{say: On again.}]]"));

        await agent.Send(StreamJsonFrames.User("first"));
        await agent.Send(StreamJsonFrames.Interrupt);
        var interrupted = await agent.Until(Json.IsResult);
        await agent.Send(StreamJsonFrames.User("second"));
        var resumed = await agent.Until(Json.IsResult);

        Assert.Equal("aborted_streaming", interrupted.Text("terminal_reason"));
        Assert.Equal("On again.", resumed.Text("result"));
    }

    [Fact]
    public async Task One_script_serves_several_tickets_and_answers_certain_words()
    {
        using var scratch = new Scratch();
        var script = scratch.Script("""
            rules:
              - when: APP-1
                turns:
                  - {when: please commit, steps: [{say: Committed.}]}
                  - [{say: One.}]
                  - [{say: Two.}]
            steps: [{say: Other.}]
            default: [{say: Further.}]
            """);
        var answers = new List<string?>();
        await using (var first = Agents.ScriptedStreamJson(scratch, script))
            foreach (var prompt in new[] { "Work on APP-1.", "please commit", "go on", "go on" }) answers.Add(await Answer(first, prompt));
        await using (var other = Agents.ScriptedStreamJson(scratch, script))
            foreach (var prompt in new[] { "Work on APP-2.", "and APP-1" }) answers.Add(await Answer(other, prompt));

        Assert.Equal(["One.", "Committed.", "Two.", "Further.", "Other.", "Further."], answers);
    }

    [Fact]
    public async Task The_stream_for_benchmarks_starts_with_the_prompt_and_has_no_gap()
    {
        using var scratch = new Scratch();
        await using var agent = Agents.ScriptedStreamJson(scratch, "builtin:stream?rate=400&seconds=0.5");

        await agent.Send(StreamJsonFrames.User("go"));
        await agent.Until(Json.IsResult);
        await agent.End();

        var events = agent.Messages.Where(message => message.At("seq").ValueKind == JsonValueKind.Number).ToList();
        Assert.Equal(Enumerable.Range(1, 200), events.Select(message => message.At("seq").GetInt32()));
        Assert.All(events, message => Assert.InRange(message.GetRawText().Length, 300, 360));
    }

    [Fact]
    public async Task Noise_and_malformed_lines_come_as_scripted()
    {
        using var scratch = new Scratch();
        var script = scratch.Script("""
            steps:
              - flood_stderr: 100000
              - malformed: "{not json"
              - raw: '{"type": "of_the_future", "n": 1}'
              - repeat: {times: 3, steps: [{tool: {run: "echo ${i} >> count"}}]}
            """);
        await using var agent = Agents.ScriptedStreamJson(scratch, script);

        await agent.Send(StreamJsonFrames.User("go"));
        await agent.Until(message => message.Text("malformed") == "{not json");
        await agent.Until(message => message.Is("of_the_future"));
        await agent.Until(Json.IsResult);
        var (exitCode, errors) = await agent.End();

        Assert.Equal(0, exitCode);
        Assert.Equal(100_000, errors.Length);
        Assert.Equal("1\n2\n3\n", scratch.Read("count"));
    }

    [Fact]
    public async Task A_usage_limit_is_told_as_the_real_one_tells_it()
    {
        using var scratch = new Scratch();
        await using var agent = Agents.ScriptedStreamJson(scratch, scratch.Script("steps: [{usage_limit: {resets_in: 2h}}]"));

        var before = TimeProvider.System.GetUtcNow();
        await agent.Send(StreamJsonFrames.User("go"));
        var limit = await agent.Until(message => message.Is("rate_limit_event"));
        var result = await agent.Until(Json.IsResult);

        Assert.Equal(("rejected", "five_hour"), (limit.Text("rate_limit_info", "status"), limit.Text("rate_limit_info", "rateLimitType")));
        Assert.InRange(limit.At("rate_limit_info", "resetsAt").GetInt64(), before.AddHours(2).ToUnixTimeSeconds(), before.AddHours(3).ToUnixTimeSeconds());
        Assert.Equal(429, result.At("api_error_status").GetInt32());
    }

    private static async Task<string?> Answer(Talk agent, string prompt)
    {
        await agent.Send(StreamJsonFrames.User(prompt));
        return (await agent.Until(Json.IsResult)).Text("result");
    }

    private static IEnumerable<JsonElement> Kept(Scratch scratch, string id) =>
        File.ReadLines(Path.Combine(scratch.State, id + ".jsonl")).Select(line => JsonSerializer.Deserialize<JsonElement>(line));
}
