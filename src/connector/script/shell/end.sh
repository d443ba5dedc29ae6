
# ---- result

printf 'client id  %s\n' "${client:-(no app was made)}"
printf 'tenant id  %s\n' "$tenant"
if [ "$DRY_RUN" = 1 ]; then say 'This was a dry run: nothing was changed.'; fi
remaining
