using System.Text.Json;
using Xunit;

namespace Drover.EndToEnd.Rehearsal;

/// <summary>The scripted agent in the Agent Client Protocol.</summary>
public sealed class ScriptedAcpTests
{
    [Fact]
    public async Task It_works_a_prompt_with_updates_and_answers_with_usage()
    {
        using var scratch = new Scratch();
        await using var agent = Agents.ScriptedAcp(scratch, "builtin:hello");
        var session = await Open(agent, scratch);

        await agent.Send(Prompt(3, session, "go"));
        var answer = await agent.Until(IsAnswer(3));

        Assert.Equal("end_turn", answer.Text("result", "stopReason"));
        Assert.Equal((350, 52, 50), (Count(answer, "inputTokens"), Count(answer, "outputTokens"), Count(answer, "cachedReadTokens")));
        Assert.Equal("Say hello", scratch.Git("log", "-1", "--format=%s"));
        Assert.Equal(
            ["agent_message_chunk", "tool_call", "tool_call_update", "tool_call_update", "tool_call", "tool_call_update", "tool_call_update", "agent_message_chunk", "usage_update"],
            agent.Messages.Select(message => message.Text("params", "update", "sessionUpdate")).OfType<string>());
        Assert.Equal(
            ["pending", "in_progress", "completed", "pending", "in_progress", "completed"],
            agent.Messages.Select(message => message.Text("params", "update", "status")).OfType<string>());
    }

    [Fact]
    public async Task A_question_is_obeyed_either_way()
    {
        using var scratch = new Scratch();
        await using var agent = Agents.ScriptedAcp(scratch, scratch.Script("""
            steps:
              - ask: {path: allowed.txt, content: yes}
              - ask: {run: touch denied.txt}
              - say: Understood.
            """));
        var session = await Open(agent, scratch);

        await agent.Send(Prompt(3, session, "go"));
        var write = await agent.Until(IsQuestion);
        await agent.Send(Answer(write, "allow_once"));
        var run = await agent.Until(IsQuestion);
        await agent.Send(Answer(run, "reject_once"));
        await agent.Until(IsAnswer(3));

        Assert.Equal(("edit", "execute"), (write.Text("params", "toolCall", "kind"), run.Text("params", "toolCall", "kind")));
        Assert.Equal("diff", write.Text("params", "toolCall", "content", "0", "type"));
        Assert.True(File.Exists(Path.Combine(scratch.Repository, "allowed.txt")));
        Assert.False(File.Exists(Path.Combine(scratch.Repository, "denied.txt")));
        Assert.Contains(agent.Messages, message => message.Text("params", "update", "status") == "failed");
    }

    [Fact]
    public async Task A_cancel_is_obeyed_at_once_and_the_session_goes_on()
    {
        using var scratch = new Scratch();
        await using var agent = Agents.ScriptedAcp(scratch, scratch.Script("""
            turns:
              - [{tool: {run: "touch started; sleep 600"}}]
              - [{say: On again.}]
            """));
        var session = await Open(agent, scratch);

        await agent.Send(Prompt(3, session, "first"));
        await Files.Appear(Path.Combine(scratch.Repository, "started"));
        await agent.Send(Message(null, "session/cancel", new { sessionId = session }));
        var cancelled = await agent.Until(IsAnswer(3));
        await agent.Send(Prompt(4, session, "second"));
        var answer = await agent.Until(IsAnswer(4));

        Assert.Equal(("cancelled", "end_turn"), (cancelled.Text("result", "stopReason"), answer.Text("result", "stopReason")));
    }

    [Fact]
    public async Task A_prompt_during_a_turn_joins_it_at_the_next_tool_boundary()
    {
        using var scratch = new Scratch();
        await using var agent = Agents.ScriptedAcp(scratch, scratch.Script("""
            steps:
              - tool: {run: "touch started; until [ -e go ]; do sleep 0.05; done"}
              - say: Both answered.
            """));
        var session = await Open(agent, scratch);

        await agent.Send(Prompt(3, session, "first"));
        await Files.Appear(Path.Combine(scratch.Repository, "started"));
        await agent.Send(Prompt(4, session, "steer"));
        await agent.Send(Message(5, "session/set_mode", new { sessionId = session, modeId = "default" }));
        await agent.Until(IsAnswer(5));
        File.WriteAllText(Path.Combine(scratch.Repository, "go"), "");
        await agent.Until(IsAnswer(3));
        var second = await agent.Until(IsAnswer(4));

        Assert.Equal("end_turn", second.Text("result", "stopReason"));
        Assert.Single(agent.Messages, message => message.Text("params", "update", "sessionUpdate") == "agent_message_chunk");
    }

    [Fact]
    public async Task A_loaded_session_tells_its_history_and_goes_on_with_the_next_turn()
    {
        using var scratch = new Scratch();
        var script = scratch.Script("turns: [[{say: One.}], [{say: Two.}]]");
        string session;
        await using (var first = Agents.ScriptedAcp(scratch, script))
        {
            session = await Open(first, scratch);
            await first.Send(Prompt(3, session, "first"));
            await first.Until(IsAnswer(3));
            Assert.Equal(0, (await first.End()).ExitCode);
        }

        await using var second = Agents.ScriptedAcp(scratch, script);
        await second.Send(Message(1, "initialize", new { protocolVersion = 1 }));
        await second.Send(Message(2, "session/load", new { sessionId = session, cwd = scratch.Repository, mcpServers = Array.Empty<string>() }));
        await second.Until(IsAnswer(2));
        await second.Send(Prompt(3, session, "second"));
        await second.Until(IsAnswer(3));

        Assert.Equal(
            ["user_message_chunk first", "agent_message_chunk One.", "agent_message_chunk Two."],
            second.Messages.Where(message => message.Text("params", "update", "content", "text") is not null)
                .Select(message => $"{message.Text("params", "update", "sessionUpdate")} {message.Text("params", "update", "content", "text")}"));
    }

    [Theory]
    [InlineData("{error: 401}", -32000, "authentication_failed")]
    [InlineData("{error: {status: 429, retry_after: 1ms}}", -32603, "rate_limit")]
    [InlineData("{error: {status: 529, retry_after: 1ms}}", -32603, "overloaded")]
    [InlineData("{usage_limit: {resets_in: 1h}}", -32603, "usage_limit")]
    [InlineData("drop", -32603, "connection")]
    public async Task An_answer_that_fails_is_an_error_of_the_prompt(string step, int code, string kind)
    {
        using var scratch = new Scratch();
        await using var agent = Agents.ScriptedAcp(scratch, scratch.Script($"steps: [{step}]"));
        var session = await Open(agent, scratch);

        await agent.Send(Prompt(3, session, "go"));
        var answer = await agent.Until(IsAnswer(3));

        Assert.Equal((code, kind), (answer.At("error", "code").GetInt32(), answer.Text("error", "data", "errorKind")));
    }

    private static async Task<string> Open(Talk agent, Scratch scratch)
    {
        await agent.Send(Message(1, "initialize", new { protocolVersion = 1, clientCapabilities = new { } }));
        Assert.Equal(1, (await agent.Until(IsAnswer(1))).At("result", "protocolVersion").GetInt32());
        await agent.Send(Message(2, "session/new", new { cwd = scratch.Repository, mcpServers = Array.Empty<string>() }));
        return (await agent.Until(IsAnswer(2))).Text("result", "sessionId")!;
    }

    private static string Prompt(int id, string session, string text) =>
        Message(id, "session/prompt", new { sessionId = session, prompt = new[] { new { type = "text", text } } });

    private static string Message(int? id, string method, object parameters) => id is { } number
        ? JsonSerializer.Serialize(new { jsonrpc = "2.0", id = number, method, @params = parameters })
        : JsonSerializer.Serialize(new { jsonrpc = "2.0", method, @params = parameters });

    private static string Answer(JsonElement question, string kind)
    {
        var option = question.At("params", "options").EnumerateArray().First(item => item.Text("kind") == kind).Text("optionId");
        return JsonSerializer.Serialize(new { jsonrpc = "2.0", id = question.At("id"), result = new { outcome = new { outcome = "selected", optionId = option } } });
    }

    private static Func<JsonElement, bool> IsAnswer(int id) =>
        message => message.Text("method") is null && message.At("id") is { ValueKind: JsonValueKind.Number } found && found.GetInt32() == id;

    private static bool IsQuestion(JsonElement message) => message.Text("method") == "session/request_permission";

    private static int Count(JsonElement answer, string name) => answer.At("result", "usage", name).GetInt32();
}
