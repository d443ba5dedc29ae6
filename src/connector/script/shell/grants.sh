
# ---- service principals and consent

# A permission of $api: an application permission is granted by grant_role; a delegated one is noted in
# $scopes, for the one grant that holds them all.
grant_permission() { # API PERMISSION KIND NAME
    if [ "$1" != "$api" ]; then return; fi
    if [ "$3" = Scope ]; then
        case " $granted_scopes $scopes " in
        *" $4 "*) ;;
        *) scopes="${scopes:+$scopes }$4" ;;
        esac
        return
    fi
    if has_line "$work/granted" "$2"; then return; fi
    if will "grant the application permission $4 of $api_name"; then grant_role "$2"; fi
}
