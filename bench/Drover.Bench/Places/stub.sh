# The smallest agent: speaks just enough of stream-JSON to be given a prompt, and says when it runs and when it has read it.
# A shell and not .NET, whose own start would be most of what is measured.
echo "started $DROVER_RUN" >"$BENCH_FIFO"
IFS= read -r hello
printf '%s\n' '{"type":"control_response","response":{"subtype":"success","request_id":"drover-hello","response":{}}}'
IFS= read -r prompt
echo "prompt $DROVER_RUN" >"$BENCH_FIFO"
uuid=${prompt##*\"uuid\":\"}
printf '{"type":"user","message":{"role":"user","content":"taken"},"session_id":"bench","parent_tool_use_id":null,"uuid":"%s","isReplay":true}\n' "${uuid%%\"*}"
# Whatever comes next is the wish that it ends.
IFS= read -r next
