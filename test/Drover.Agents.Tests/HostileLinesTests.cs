using System.Text;
using Xunit;

namespace Drover.Agents.Tests;

/// <summary>Bytes that no agent should write.</summary>
public sealed class HostileLinesTests
{
    private static IEnumerable<Driver> Ready => [Talk.Claude(sandboxed: false), Talk.Acp(sandboxed: false), CodexLines.Driver(sandboxed: false), Talk.Pi()];

    public static TheoryData<string> NoMessages =>
    [
        "not json", "{", "{\"type\":", "[1,2]", "7", "null", "\"text\"", "{\"a\":1}{\"b\":2}", "{'type':'result'}", "{\"type\":\"result\",}", "\u0000", "{\"a\":NaN}",
        new string('[', 100_000), string.Concat(Enumerable.Repeat("{\"a\":", 10_000)) + "1" + new string('}', 10_000),
    ];

    [Theory, MemberData(nameof(NoMessages))]
    public void A_line_that_is_no_message_is_an_event(string line)
    {
        foreach (var driver in Ready)
        {
            var before = driver.State;

            var step = driver.Line(line);

            Assert.InRange(Assert.IsType<AgentEvent.Malformed>(Assert.Single(step.Events)).Text.Length, 0, 1000);
            Assert.Same(before, step.State);
        }
    }

    [Fact]
    public void Bytes_that_are_not_text_are_an_event()
    {
        foreach (var driver in Ready)
        {
            var step = driver.Do(new Input.Line(new byte[] { (byte)'{', (byte)'"', 0xff, 0xfe, (byte)'"', (byte)':', (byte)'1', (byte)'}' }));

            Assert.IsType<AgentEvent.Malformed>(Assert.Single(step.Events));
        }
    }

    [Fact]
    public void A_blank_line_is_nothing_and_a_line_that_was_passed_over_is_told()
    {
        foreach (var driver in Ready)
        {
            Assert.Empty(driver.Line("").Events);
            Assert.Empty(driver.Line(" \r").Events);
            Assert.Contains("20000000", Assert.IsType<AgentEvent.Malformed>(Assert.Single(driver.Do(new Input.LineTooLong(20_000_000)).Events)).Why);
        }
    }

    public static TheoryData<string> OddMessages =>
    [
        """{"type":"agent_end"}""", """{"type":"agent_end","messages":{"a":1},"willRetry":"no"}""", """{"type":"agent_end","messages":[7,null,{"role":"assistant","stopReason":7}]}""",
        """{"type":"response"}""", """{"type":"response","id":7,"success":"yes","data":[]}""", """{"type":"response","command":"prompt","success":false,"error":{}}""",
        """{"type":"message_start","message":7}""", """{"type":"message_start","message":{"role":"user","content":{"a":1}}}""", """{"type":"message_end","message":{"role":"assistant","content":"x","usage":7}}""",
        """{"type":"message_end","message":{"role":"assistant","content":[{"type":"text","text":7},null],"stopReason":{},"usage":{"input":1e999,"cost":{"total":-1}}}}""",
        """{"type":"message_update","assistantMessageEvent":{"type":7,"delta":8,"partial":""", """{"type":"message_update","assistantMessageEvent":"x"}""",
        """{"type":"message_update","assistantMessageEvent":{"type":"text_delta","delta":"\ud800"}}""", """{"type":"tool_execution_start","toolCallId":7}""",
        """{"type":"tool_execution_end","toolCallId":"t","result":[],"isError":7}""", """{"type":"auto_retry_start","attempt":"x","errorMessage":[]}""", """{"type":"auto_retry_end"}""",
        """{"type":"compaction_end","willRetry":7,"errorMessage":{}}""", """{"type":"extension_ui_request","method":"confirm","id":7}""", """{"type":"session","id":[]}""",
        """{"type":7}""", """{"type":"assistant"}""", """{"type":"assistant","message":[]}""", """{"type":"assistant","message":{"content":{"type":"text"}}}""",
        """{"type":"assistant","message":{"content":[null,7,"x",{"type":"tool_use"},{"type":"tool_use","id":5},{"type":"text","text":{}}]}}""",
        """{"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"t","content":[7,null,{"type":"image"}],"is_error":"yes"}]}}""",
        """{"type":"user","isReplay":true,"uuid":7}""", """{"type":"result"}""", """{"type":"result","subtype":[],"is_error":"true","usage":7,"total_cost_usd":1e999}""",
        """{"type":"result","subtype":"success","total_cost_usd":-5,"usage":{"input_tokens":99999999999999999999999,"output_tokens":-1e400}}""",
        """{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":999999999999999999}}""", """{"type":"rate_limit_event"}""",
        """{"type":"control_request"}""", """{"type":"control_request","request_id":{}}""", """{"type":"control_request","request_id":"x","request":7}""",
        """{"type":"control_request","request_id":"x","request":{"subtype":"can_use_tool","input":"no object"}}""", """{"type":"control_response","response":"x"}""",
        """{"type":"system","subtype":"init","session_id":7,"model":[]}""", """{"type":"system","subtype":"api_retry","attempt":"x","error":{}}""",
        """{"type":"stream_event","event":"x"}""", """{"type":"stream_event","event":{"type":"content_block_delta","delta":{"text":7}}}""",
        """{"type":"user","message":{"content":"half a pair \ud800 in a text"}}""", """{"ty\ud800pe":"result","type":"assistant"}""",
        """{"jsonrpc":"2.0","id":null,"method":"session/request_permission"}""", """{"id":[1],"method":"x"}""", """{"id":1e99,"result":{}}""", """{"id":1.5,"result":7}""",
        """{"id":"uuid","method":"session/request_permission","params":[]}""", """{"id":0,"method":"session/request_permission","params":{"options":{"a":1},"toolCall":7}}""",
        """{"method":"session/update"}""", """{"method":"session/update","params":{"update":[]}}""", """{"method":"session/update","params":{"update":{"sessionUpdate":7}}}""",
        """{"method":"session/update","params":{"update":{"sessionUpdate":"agent_message_chunk","content":[]}}}""",
        """{"method":"session/update","params":{"update":{"sessionUpdate":"tool_call_update","toolCallId":7,"status":"completed"}}}""",
        """{"method":"session/update","params":{"update":{"sessionUpdate":"tool_call","toolCallId":"t","rawInput":[1],"title":{},"status":"completed","content":"x"}}}""",
        """{"method":"session/update","params":{"update":{"sessionUpdate":"usage_update","cost":{"amount":"much"}}}}""", """{"method":"$/progress","params":7}""",
        """{"method":"turn/started"}""", """{"method":"turn/completed","params":{"turn":{"id":7}}}""", """{"method":"turn/completed","params":{"turn":{"id":"t","status":[]}}}""",
        """{"method":"item/started","params":{"item":[]}}""", """{"method":"item/completed","params":{"item":{"type":"commandExecution","id":{},"exitCode":"x"}}}""",
        """{"method":"item/completed","params":{"item":{"type":"fileChange","id":"x","changes":[7,null,{"path":[],"diff":1}],"status":7}}}""",
        """{"method":"item/completed","params":{"item":{"type":"mcpToolCall","id":"x","server":1,"result":{"content":{"a":1}},"error":{"message":[]}}}}""",
        """{"method":"item/completed","params":{"item":{"type":"reasoning","summary":[[],7],"content":"x"}}}""", """{"method":"item/agentMessage/delta","params":{"delta":{}}}""",
        """{"method":"item/started","params":{"item":{"type":"userMessage","clientId":[],"content":[7,{"text":1}]}}}""",
        """{"method":"error","params":{"error":"x","willRetry":"yes"}}""", """{"method":"error","params":{"error":{"message":1,"codexErrorInfo":{"x":7}}}}""",
        """{"method":"error","params":{"error":{"codexErrorInfo":{}}}}""", """{"method":"thread/tokenUsage/updated","params":{"threadId":7,"tokenUsage":{"total":{"inputTokens":-1e300}}}}""",
        """{"method":"thread/tokenUsage/updated","params":{"tokenUsage":{"total":{"inputTokens":1e300,"cachedInputTokens":"x"},"last":7}}}""",
        """{"method":"account/rateLimits/updated","params":{"rateLimits":{"primary":{"usedPercent":1e18,"resetsAt":1e18},"secondary":7}}}""",
        """{"method":"item/commandExecution/requestApproval","id":0}""", """{"method":"item/fileChange/requestApproval","id":"x","params":{"itemId":{},"grantRoot":7}}""",
        """{"method":"item/permissions/requestApproval","id":1,"params":{"permissions":"all"}}""", """{"method":"item/tool/requestUserInput","id":2,"params":{"questions":[7,{"id":[]}]}}""",
        """{"method":"mcpServer/elicitation/request","id":3,"params":{"_meta":7}}""", """{"method":"account/chatgptAuthTokens/refresh","id":4,"params":null}""",
        """{"id":3,"error":{"message":[]}}""", """{"id":3,"result":{"turn":7}}""", """{"method":"serverRequest/resolved","params":{"requestId":[]}}""",
    ];

    [Theory, MemberData(nameof(OddMessages))]
    public void A_message_with_the_wrong_types_throws_nothing_and_ends_no_turn_well(string line)
    {
        foreach (var driver in Ready)
        {
            driver.Do(new Input.Prompt(Talk.First, "go"));

            driver.Line(line);
            driver.Line(line);
            driver.Do(new Input.Exited(1, ""));

            Assert.DoesNotContain(TurnEnding.Succeeded, driver.Endings.Where(_ => !line.Contains("success")));
            Assert.NotNull(driver.Adapter.Load(driver.Adapter.Save(driver.State)));
        }
    }

    [Fact]
    public void A_message_that_is_not_known_is_passed_on_as_it_came()
    {
        foreach (var driver in Ready)
        {
            const string line = """{"type":"news","method":"news/today","deep":{"a":[1,2,3]}}""";

            var step = driver.Line(line);

            Assert.Equal(line, Assert.IsType<AgentEvent.Raw>(Assert.Single(step.Events)).Json);
        }
    }

    [Fact]
    public void Long_texts_are_cut_and_stay_whole_characters()
    {
        var text = string.Concat(Enumerable.Repeat("🐑", Adapter.LongestText));
        var driver = Talk.Claude(sandboxed: true);

        driver.Line(Talk.Assistant(text));
        driver.Line(Talk.Result(text));

        var said = Assert.Single(driver.Events.OfType<AgentEvent.Said>()).Text;
        Assert.InRange(said.Length, Adapter.LongestText - 1, Adapter.LongestText);
        Assert.DoesNotContain('\ufffd', Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(said)));
    }

    [Fact]
    public void A_long_text_in_pieces_is_told_in_blocks_so_that_the_checkpoint_stays_small()
    {
        var driver = Talk.Acp(sandboxed: true);
        driver.Do(new Input.Prompt(Talk.First, "go"));
        var piece = new string('x', 1000);

        for (var i = 0; i < 100; i++)
        {
            driver.Line(Talk.Update($$$"""{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"{{{piece}}}"}}"""));
            Assert.InRange(driver.Adapter.Save(driver.State).Json.Length, 1, 40_000);
        }

        driver.Ends();
        Assert.Equal(100_000, driver.Events.OfType<AgentEvent.Said>().Sum(s => s.Text.Length));
    }
}
