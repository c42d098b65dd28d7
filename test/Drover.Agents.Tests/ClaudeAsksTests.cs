using System.Text.Json.Nodes;
using Drover.Core;
using Xunit;

namespace Drover.Agents.Tests;

/// <summary>What becomes of Claude Code's questions for permission.</summary>
public sealed class ClaudeAsksTests
{
    [Theory, InlineData(true), InlineData(false)]
    public void An_agent_whose_questions_are_wanted_is_started_in_the_mode_that_asks_and_with_nothing_allowed(bool sandboxed)
    {
        var launch = Adapters.Find("claude")!.Plan(Requests.For("claude", sandboxed) with { AsksApprovals = true });

        Assert.Equal("default", launch.Arguments[launch.Arguments.ToList().IndexOf("--permission-mode") + 1]);
        Assert.DoesNotContain("--allowedTools", launch.Arguments);
        Assert.Equal(sandboxed, launch.Environment.ContainsKey("IS_SANDBOX"));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void A_wanted_question_is_not_answered_by_the_machine_inside_the_sandbox_either(bool wanted)
    {
        var adapter = Adapters.Find("claude")!;
        var driver = new Driver(adapter) { State = adapter.Plan(Requests.For("claude", sandboxed: true) with { AsksApprovals = wanted }).State };

        driver.Line(Asks("Bash", new JsonObject { ["command"] = "make" }));

        Assert.Equal(wanted ? 1 : 0, driver.Count<AgentEvent.ApprovalAsked>());
        Assert.Equal(wanted ? 0 : 1, driver.Frames.Count);
    }

    [Fact]
    public void A_command_is_read_with_the_words_on_it()
    {
        var what = Asked("Bash", new() { ["command"] = "git push && make", ["description"] = "Push it" });

        Assert.Equal((AskedKind.Command, "git push && make", "Push it"), (what.Kind, what.Command, what.Text));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void A_command_that_is_to_run_outside_of_the_agents_own_sandbox_is_not_judged_by_its_looks(bool outside)
    {
        var what = Asked("Bash", new() { ["command"] = "npm test", ["dangerouslyDisableSandbox"] = outside });

        Assert.Equal(("npm test", !outside), (what.Command, what.IsWhole));
    }

    [Theory]
    [InlineData("Write", """{"file_path":"/repo/a.txt","content":"one\ntwo\n"}""", "+one\n+two\n")]
    [InlineData("Edit", """{"file_path":"/repo/a.txt","old_string":"one","new_string":"two"}""", "-one\n+two\n")]
    [InlineData("MultiEdit", """{"file_path":"/repo/a.txt","edits":[{"old_string":"a","new_string":"b"},{"old_string":"c","new_string":""}]}""", "-a\n+b\n-c\n")]
    [InlineData("NotebookEdit", """{"notebook_path":"/repo/a.txt","new_source":"x"}""", "+x\n")]
    public void An_edit_is_read_with_its_file_and_what_would_change(string tool, string input, string diff)
    {
        var what = Asked(tool, JsonNode.Parse(input)!.AsObject());

        Assert.Equal((AskedKind.Edit, "/repo/a.txt", diff), (what.Kind, Assert.Single(what.Files), what.Diff));
    }

    [Theory]
    [InlineData("Read", """{"file_path":"/etc/passwd"}""", AskedKind.Read, "/etc/passwd", null)]
    [InlineData("Grep", """{"pattern":"key"}""", AskedKind.Read, ".", "key")]
    [InlineData("WebFetch", """{"url":"https://example.org"}""", AskedKind.Fetch, null, "https://example.org")]
    [InlineData("AskUserQuestion", """{"questions":[{"question":"Which?"},{"question":"Why?"},7]}""", AskedKind.Question, null, "Which?\nWhy?")]
    [InlineData("mcp__tracker__close", "{}", AskedKind.Other, null, null)]
    public void Other_tools_are_read_for_what_they_touch(string tool, string input, AskedKind kind, string? file, string? text)
    {
        var what = Asked(tool, JsonNode.Parse(input)!.AsObject());

        Assert.Equal((kind, file, text), (what.Kind, what.Files.SingleOrDefault(), what.Text));
    }

    [Theory]
    [InlineData("Bash", "[]")]
    [InlineData("Bash", """{"command":7}""")]
    [InlineData("Write", """{"file_path":["a"],"content":{}}""")]
    [InlineData("MultiEdit", """{"edits":"none"}""")]
    public void A_question_of_another_shape_is_asked_all_the_same_and_shows_nothing(string tool, string input)
    {
        var what = Asked(tool, JsonNode.Parse(input)!);

        Assert.Equal((null, 0, true), (what.Command, what.Files.Count, string.IsNullOrEmpty(what.Diff)));
    }

    [Fact]
    public void What_is_too_long_is_cut_and_says_so()
    {
        var command = Asked("Bash", new() { ["command"] = "echo " + new string('x', AskedFor.Longest) });
        var diff = Asked("Write", new() { ["file_path"] = "a", ["content"] = string.Join('\n', Enumerable.Repeat("line", AskedFor.Longest)) });

        Assert.All([command, diff], w => Assert.True(w.IsCut));
        Assert.Equal((AskedFor.Longest, AskedFor.Longest), (command.Command!.Length, diff.Diff!.Length));
    }

    private static JsonObject Asks(string tool, JsonNode input) => new()
    {
        ["type"] = "control_request",
        ["request_id"] = "q-1",
        ["request"] = new JsonObject { ["subtype"] = "can_use_tool", ["tool_name"] = tool, ["input"] = input.DeepClone() },
    };

    private static AskedFor Asked(string tool, JsonObject input) => Asked(tool, (JsonNode)input);

    private static AskedFor Asked(string tool, JsonNode input)
    {
        var driver = Talk.Claude(sandboxed: false);
        driver.Line(Asks(tool, input));
        return Assert.Single(driver.Events.OfType<AgentEvent.ApprovalAsked>()).What;
    }
}
