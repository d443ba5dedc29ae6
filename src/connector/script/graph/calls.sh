
# ---- calls

for program in curl jq; do
    command -v "$program" >/dev/null || die "$program is not installed"
done

# A token goes nowhere but to a host by https, or to this machine.
trusted() { # VARIABLE HOST
    local safe='^(https://[A-Za-z0-9.-]+|http://(localhost|127\.0\.0\.1))(:[0-9]+)?$'
    if ! [[ $2 =~ $safe ]]; then die "$1 is $2: expected https://HOST"; fi
}
trusted GRAPH_URL "$GRAPH_URL"

# Takes a token out of the environment, where every program that is started would find it.
GRAPH_TOKEN=${GRAPH_TOKEN-}
export -n GRAPH_TOKEN
token_given() { # VARIABLE VALUE
    local shape='^[A-Za-z0-9._~+/=-]+$'
    if ! [[ $2 =~ $shape ]]; then die "$1 holds no token; the top of this script says how to get one"; fi
}
token_given GRAPH_TOKEN "$GRAPH_TOKEN"

# What the last call answered.
answer=$work/answer.json

# send TOKEN METHOD URL [JSON]: one call. The token goes to curl by standard input and the body by a
# file, because other users of the machine can read the arguments of a program.
send() {
    local status wait left=6 data=()
    if [ $# -gt 3 ]; then
        printf '%s' "$4" >"$work/body.json"
        data=(--header 'Content-Type: application/json' --data-binary "@$work/body.json")
    fi
    while :; do
        : >"$answer"
        status=$(printf 'header = "Authorization: Bearer %s"\n' "$1" |
            curl --config - --silent --show-error --globoff --proto '=https,http' --max-time 120 \
                --request "$2" --url "$3" ${data[@]+"${data[@]}"} \
                --dump-header "$work/headers" --output "$answer" --write-out '%{http_code}') ||
            die "$2 $3: no answer"
        left=$((left - 1))
        case $status in
        2??) return ;;
        429 | 503) # Throttled: the answer says how long to wait.
            wait=$(tr -d '\r' <"$work/headers" | awk 'tolower($1) == "retry-after:" { print $2 }' | tail -n 1)
            case $wait in '' | *[!0-9]*) wait=$PAUSE ;; esac
            ;;
        400 | 404) # Perhaps so new that it is not found everywhere yet.
            wait=$PAUSE
            if [ "$fresh" = 0 ]; then left=0; fi
            ;;
        *) left=0 ;;
        esac
        if [ "$left" -le 0 ]; then
            die "$2 $3: HTTP $status: $(jq -r '.error | if type == "object" then .message // .code else . // empty end' "$answer" 2>/dev/null || true)"
        fi
        say "HTTP $status: again in $wait seconds."
        sleep "$wait"
    done
}

# graph METHOD PATH [JSON]
graph() {
    local method=$1 path=$2
    shift 2
    send "$GRAPH_TOKEN" "$method" "$GRAPH_URL/v1.0/$path" "$@"
}

# every TOKEN HOST PATH: all pages of a list, as one array in $work/list.json.
every() {
    local url=$2/$3
    echo '[]' >"$work/list.json"
    while [ -n "$url" ]; do
        case $url in
        "$2"/*) ;;
        *) die "the next page is at another host: $url" ;;
        esac
        send "$1" GET "$url"
        jq -s '.[0] + .[1].value' "$work/list.json" "$answer" >"$work/longer.json"
        mv "$work/longer.json" "$work/list.json"
        url=$(jq -r '.["@odata.nextLink"] // .nextLink // empty' "$answer")
    done
}

# A value of the last answer.
told() { jq -r "$1 // empty" "$answer"; }

# Text as it stands in an address, and inside quotation marks in a $filter.
in_filter() { jq -rn --arg text "$1" '$text | gsub("\u0027"; "\u0027\u0027") | @uri'; }
